// Groups of five prefix codes (RFC 9649 §3.7.2.2): green with lengths and cache, red, blue, alpha, distance.

import { alloc } from "../../memory";
import { NEED_INPUT, OK, TRUNCATED, UNDECODABLE } from "../status";
import { has } from "../source";
import { BitReader } from "./bit";
import { CODE_BYTES_MAX, onlySymbol, readPrefixCode, table } from "./prefix-code";

/** The tables of one group. */
@unmanaged
export class Group {
  green: usize;
  red: usize;
  blue: usize;
  alpha: usize;
  distance: usize;
  /** 1 when red, blue and alpha are the same in every pixel of the group: those of `constant`. */
  isConstant: u32;
  constant: u32;
}

/** Literals and lengths of the first alphabet, before the colour cache. */
const GREEN_SYMBOLS: i32 = 256 + 24;
const DISTANCE_SYMBOLS: i32 = 40;

let groups: usize = 0;
let count: i32 = 0;
let read: i32 = 0;

/** Allocates for `groups_` groups; false when memory is out. */
export function openGroups(groups_: i32): bool {
  groups = alloc(<usize>groups_ * offsetof<Group>());
  count = groups_;
  read = 0;
  return groups != 0;
}

/** The group of that number. */
@inline
export function group(number: u32): Group {
  return changetype<Group>(groups + <usize>number * offsetof<Group>());
}

/** Reads the codes of all groups, over a cache of `cacheSize` colours: OK, NEED_INPUT or an error. */
export function readGroups(reader: BitReader, cacheSize: i32): i32 {
  for (; read < count; read++) {
    if (!has(reader, 5 * CODE_BYTES_MAX)) return NEED_INPUT;
    const status = readGroup(reader, group(read), cacheSize);
    if (status != OK) return status == UNDECODABLE && reader.isCut != 0 ? TRUNCATED : status;
  }
  return OK;
}

function readGroup(reader: BitReader, into: Group, cacheSize: i32): i32 {
  let status = readPrefixCode(reader, GREEN_SYMBOLS + cacheSize);
  into.green = table;
  if (status == OK) status = readPrefixCode(reader, 256);
  into.red = table;
  const red = onlySymbol;
  if (status == OK) status = readPrefixCode(reader, 256);
  into.blue = table;
  const blue = onlySymbol;
  if (status == OK) status = readPrefixCode(reader, 256);
  into.alpha = table;
  const alpha = onlySymbol;
  if (status == OK) status = readPrefixCode(reader, DISTANCE_SYMBOLS);
  into.distance = table;
  into.isConstant = red >= 0 && blue >= 0 && alpha >= 0 ? 1 : 0;
  into.constant = <u32>(alpha & 255) << 24 | <u32>(red & 255) << 16 | <u32>(blue & 255);
  return status;
}
