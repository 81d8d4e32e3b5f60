/** Coordinates in answers are pixels of what Claude saw; callers want pixels of their own file. */
import type { Size } from './tier.ts';

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Corners in pixels, origin at the top left; `right` and `bottom` are exclusive edges. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/**
 * A point of the sent picture, in pixels of the upright original: clamped to the sent picture, which has
 * no padding, then scaled on each axis by original/sent (vision docs 2026-08, "Coordinates").
 */
export function toOriginalPoint(point: Point, sent: Size, original: Size): Point {
  return {
    x: (clamp(point.x, sent.width) * original.width) / sent.width,
    y: (clamp(point.y, sent.height) * original.height) / sent.height,
  };
}

/** A box likewise, with its corners put in order. */
export function toOriginalBox(box: Box, sent: Size, original: Size): Box {
  const a = toOriginalPoint({ x: Math.min(box.left, box.right), y: Math.min(box.top, box.bottom) }, sent, original);
  const b = toOriginalPoint({ x: Math.max(box.left, box.right), y: Math.max(box.top, box.bottom) }, sent, original);
  return { left: a.x, top: a.y, right: b.x, bottom: b.y };
}

function clamp(value: number, max: number): number {
  return Math.min(Math.max(value, 0), max);
}
