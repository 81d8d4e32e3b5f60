/**
 * Sizes and what Claude makes of them in both tiers, as data. Origin: Claude's vision documentation, August 2026, "Evaluate image
 * size": its reference code, its tables, and sizes that the API itself named in error texts. One row is open there: 2000x1500 in the
 * standard tier is 1270x952 by the documentation's code and 1269x952 in its table; both cost 1,564 tokens, and the code counts here.
 */

/** What Claude sees: its size in pixels, the size after padding, and the image tokens billed for it. */
interface Seen {
  readonly size: readonly [number, number];
  readonly padded: readonly [number, number];
  readonly tokens: number;
}

export interface Vector {
  readonly source: readonly [number, number];
  readonly standard: Seen;
  readonly high: Seen;
}

const seen = (width: number, height: number, paddedWidth: number, paddedHeight: number, tokens: number): Seen => ({
  size: [width, height],
  padded: [paddedWidth, paddedHeight],
  tokens,
});

export const VECTORS: readonly Vector[] = [
  { source: [1, 1], standard: seen(1, 1, 28, 28, 1), high: seen(1, 1, 28, 28, 1) },
  { source: [28, 28], standard: seen(28, 28, 28, 28, 1), high: seen(28, 28, 28, 28, 1) },
  { source: [29, 29], standard: seen(29, 29, 56, 56, 4), high: seen(29, 29, 56, 56, 4) },
  { source: [200, 200], standard: seen(200, 200, 224, 224, 64), high: seen(200, 200, 224, 224, 64) },
  { source: [640, 480], standard: seen(640, 480, 644, 504, 414), high: seen(640, 480, 644, 504, 414) },
  { source: [784, 1568], standard: seen(784, 1568, 784, 1568, 1568), high: seen(784, 1568, 784, 1568, 1568) },
  { source: [819, 1456], standard: seen(819, 1456, 840, 1456, 1560), high: seen(819, 1456, 840, 1456, 1560) },
  { source: [896, 1344], standard: seen(896, 1344, 896, 1344, 1536), high: seen(896, 1344, 896, 1344, 1536) },
  { source: [951, 1268], standard: seen(951, 1268, 952, 1288, 1564), high: seen(951, 1268, 952, 1288, 1564) },
  { source: [1000, 1000], standard: seen(1000, 1000, 1008, 1008, 1296), high: seen(1000, 1000, 1008, 1008, 1296) },
  { source: [1075, 1520], standard: seen(924, 1307, 924, 1316, 1551), high: seen(1075, 1520, 1092, 1540, 2145) },
  { source: [1080, 1080], standard: seen(1080, 1080, 1092, 1092, 1521), high: seen(1080, 1080, 1092, 1092, 1521) },
  { source: [1080, 1920], standard: seen(819, 1456, 840, 1456, 1560), high: seen(1080, 1920, 1092, 1932, 2691) },
  { source: [1092, 1092], standard: seen(1092, 1092, 1092, 1092, 1521), high: seen(1092, 1092, 1092, 1092, 1521) },
  { source: [1093, 1092], standard: seen(1093, 1092, 1120, 1092, 1560), high: seen(1093, 1092, 1120, 1092, 1560) },
  { source: [1120, 1120], standard: seen(1092, 1092, 1092, 1092, 1521), high: seen(1120, 1120, 1120, 1120, 1600) },
  { source: [1191, 1684], standard: seen(924, 1307, 924, 1316, 1551), high: seen(1191, 1684, 1204, 1708, 2623) },
  { source: [1280, 720], standard: seen(1280, 720, 1288, 728, 1196), high: seen(1280, 720, 1288, 728, 1196) },
  { source: [1280, 800], standard: seen(1280, 800, 1288, 812, 1334), high: seen(1280, 800, 1288, 812, 1334) },
  { source: [1366, 768], standard: seen(1366, 768, 1372, 784, 1372), high: seen(1366, 768, 1372, 784, 1372) },
  { source: [1568, 784], standard: seen(1568, 784, 1568, 784, 1568), high: seen(1568, 784, 1568, 784, 1568) },
  { source: [1568, 785], standard: seen(1567, 784, 1568, 784, 1568), high: seen(1568, 785, 1568, 812, 1624) },
  { source: [1568, 1568], standard: seen(1092, 1092, 1092, 1092, 1521), high: seen(1568, 1568, 1568, 1568, 3136) },
  { source: [1569, 100], standard: seen(1568, 100, 1568, 112, 224), high: seen(1569, 100, 1596, 112, 228) },
  { source: [1920, 1080], standard: seen(1456, 819, 1456, 840, 1560), high: seen(1920, 1080, 1932, 1092, 2691) },
  { source: [1932, 1932], standard: seen(1092, 1092, 1092, 1092, 1521), high: seen(1932, 1932, 1932, 1932, 4761) },
  { source: [1933, 1933], standard: seen(1092, 1092, 1092, 1092, 1521), high: seen(1932, 1932, 1932, 1932, 4761) },
  { source: [2000, 1500], standard: seen(1270, 952, 1288, 952, 1564), high: seen(2000, 1500, 2016, 1512, 3888) },
  { source: [2000, 2000], standard: seen(1092, 1092, 1092, 1092, 1521), high: seen(1932, 1932, 1932, 1932, 4761) },
  { source: [2048, 1536], standard: seen(1270, 952, 1288, 952, 1564), high: seen(2048, 1536, 2072, 1540, 4070) },
  { source: [2550, 3300], standard: seen(952, 1232, 952, 1232, 1496), high: seen(1688, 2184, 1708, 2184, 4758) },
  { source: [2560, 1440], standard: seen(1456, 819, 1456, 840, 1560), high: seen(2560, 1440, 2576, 1456, 4784) },
  { source: [2576, 1449], standard: seen(1456, 819, 1456, 840, 1560), high: seen(2576, 1449, 2576, 1456, 4784) },
  { source: [2576, 1456], standard: seen(1456, 823, 1456, 840, 1560), high: seen(2576, 1456, 2576, 1456, 4784) },
  { source: [2577, 100], standard: seen(1568, 61, 1568, 84, 168), high: seen(2576, 100, 2576, 112, 368) },
  { source: [3000, 2000], standard: seen(1344, 896, 1344, 896, 1536), high: seen(2352, 1568, 2352, 1568, 4704) },
  { source: [3024, 4032], standard: seen(952, 1270, 952, 1288, 1564), high: seen(1659, 2212, 1680, 2212, 4740) },
  { source: [3840, 2160], standard: seen(1456, 819, 1456, 840, 1560), high: seen(2576, 1449, 2576, 1456, 4784) },
  { source: [4000, 3000], standard: seen(1270, 952, 1288, 952, 1564), high: seen(2212, 1659, 2212, 1680, 4740) },
  { source: [4000, 4000], standard: seen(1092, 1092, 1092, 1092, 1521), high: seen(1932, 1932, 1932, 1932, 4761) },
  { source: [4032, 3024], standard: seen(1270, 952, 1288, 952, 1564), high: seen(2212, 1659, 2212, 1680, 4740) },
  { source: [5712, 4284], standard: seen(1270, 952, 1288, 952, 1564), high: seen(2212, 1659, 2212, 1680, 4740) },
  { source: [6000, 4000], standard: seen(1344, 896, 1344, 896, 1536), high: seen(2352, 1568, 2352, 1568, 4704) },
  { source: [7680, 4320], standard: seen(1456, 819, 1456, 840, 1560), high: seen(2576, 1449, 2576, 1456, 4784) },
  { source: [8000, 6000], standard: seen(1270, 952, 1288, 952, 1564), high: seen(2212, 1659, 2212, 1680, 4740) },
  { source: [8000, 8000], standard: seen(1092, 1092, 1092, 1092, 1521), high: seen(1932, 1932, 1932, 1932, 4761) },
  { source: [8000, 100], standard: seen(1568, 20, 1568, 28, 56), high: seen(2576, 32, 2576, 56, 184) },
  { source: [100, 8000], standard: seen(20, 1568, 28, 1568, 56), high: seen(32, 2576, 56, 2576, 184) },
  { source: [8000, 1], standard: seen(1568, 1, 1568, 28, 56), high: seen(2576, 1, 2576, 28, 92) },
  { source: [1290, 2796], standard: seen(723, 1568, 728, 1568, 1456), high: seen(1188, 2576, 1204, 2576, 3956) },
  { source: [1170, 2532], standard: seen(725, 1568, 728, 1568, 1456), high: seen(1170, 2532, 1176, 2548, 3822) },
  { source: [1568, 7698], standard: seen(319, 1568, 336, 1568, 672), high: seen(525, 2576, 532, 2576, 1748) },
];
