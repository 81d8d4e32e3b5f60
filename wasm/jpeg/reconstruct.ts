/** From the coefficient store to samples: a component's blocks are dequantised, transformed and sent to its plane. */
import { acceptRows, rewindPlane, stripAddress } from '../resample/plane';
import { Component } from './frame';
import { storeMean, storeTwo, transformFull } from './idct';
import { inverse3, inverse4 } from './idct-kernel';
import { blockBuffer } from './sequential';

/** Makes the whole plane of a component, block row after block row. */
export function reconstruct(c: Component): void {
  rewindPlane(c.plane);
  for (let row = 0; row < c.blocksHigh; row++) {
    const coefficients = c.coefficients + <usize>(row * c.paddedWide) * c.blockBytes;
    const out = stripAddress(c.plane);
    if (c.scale == 1) meanRow(c, coefficients, out);
    else if (c.scale == 2) twoRow(c, coefficients, out);
    else if (c.scale <= 4) narrowRow(c, coefficients, out);
    else wideRow(c, coefficients, out);
    acceptRows(c.plane, c.scale);
  }
  clearBlock();
}

function meanRow(c: Component, coefficients: usize, out: usize): void {
  const quantiser = <i32>load<u16>(c.dequantiser);
  for (let x = 0; x < c.blocksWide; x++) storeMean(<i32>load<i16>(coefficients + <usize>(x << 1)) * quantiser, out + <usize>x);
}

function twoRow(c: Component, coefficients: usize, out: usize): void {
  const stride = <usize>c.plane.stride;
  const q0 = <i32>load<u16>(c.dequantiser);
  const q1 = <i32>load<u16>(c.dequantiser, 2);
  const q2 = <i32>load<u16>(c.dequantiser, 4);
  const q3 = <i32>load<u16>(c.dequantiser, 6);
  for (let x = 0; x < c.blocksWide; x++) {
    storeTwo(
      <i32>load<i16>(coefficients) * q0,
      <i32>load<i16>(coefficients, 2) * q1,
      <i32>load<i16>(coefficients, 4) * q2,
      <i32>load<i16>(coefficients, 6) * q3,
      out,
      stride,
    );
    coefficients += 8;
    out += 2;
  }
}

function narrowRow(c: Component, coefficients: usize, out: usize): void {
  const block = blockBuffer();
  const stride = <usize>c.plane.stride;
  const q01 = v128.load(c.dequantiser);
  const q23 = v128.load(c.dequantiser, 16);
  for (let x = 0; x < c.blocksWide; x++) {
    v128.store(block, i16x8.mul(v128.load(coefficients), q01));
    v128.store(block, i16x8.mul(v128.load(coefficients, 16), q23), 16);
    if (c.scale == 4) inverse4(block, out, stride);
    else inverse3(block, out, stride);
    coefficients += <usize>c.blockBytes;
    out += <usize>c.scale;
  }
}

function wideRow(c: Component, coefficients: usize, out: usize): void {
  const block = blockBuffer();
  const stride = <usize>c.plane.stride;
  for (let x = 0; x < c.blocksWide; x++) {
    for (let u = 0; u < c.blockBytes; u += 16) {
      const row = i16x8.mul(v128.load(coefficients + <usize>u), v128.load(c.dequantiser + <usize>u));
      v128.store(block + <usize>u, row);
    }
    transformFull(block, c.scale, out, stride);
    coefficients += <usize>c.blockBytes;
    out += <usize>c.scale;
  }
}

function clearBlock(): void {
  memory.fill(blockBuffer(), 0, 128);
}
