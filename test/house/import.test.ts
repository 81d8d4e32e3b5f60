import { describe, expect, it } from 'vitest';
import { type Source, sourcesOf, withoutComments } from './source.ts';

const SRC = sourcesOf(['src']);

function within(...folders: readonly string[]): readonly Source[] {
  const found = SRC.filter(({ path }) => folders.some((folder) => path.startsWith(`src/${folder}`)));
  expect(found.length).toBeGreaterThan(0);
  return found;
}

/** `file → import` for each import of these files that is not allowed. */
function offending(sources: readonly Source[], isAllowed: (imported: string, path: string) => boolean): readonly string[] {
  return sources.flatMap(({ path, imports }) => imports.filter((imported) => !isAllowed(imported, path)).map((imported) => `${path} → ${imported}`));
}

const startsWithAny = (path: string, ...folders: readonly string[]) => folders.some((folder) => path.startsWith(folder));

describe('the reader of imports that these rules rest on', () => {
  it('sees every kind of import, and none in comments', () => {
    const [source] = sourcesOf(['test/house'], /import\.test\.ts$/);
    expect(source?.imports).toEqual(['vitest', 'test/house/source.ts']);
    expect(withoutComments('a; // from "x"\n/* import "y" */ b')).toBe('a; \n b');
  });

  it('sees the whole of src', () => {
    expect(SRC.length).toBeGreaterThan(40);
    expect(SRC.find(({ path }) => path === 'src/core/vision/plan.ts')?.imports).toContain('src/core/image/info.ts');
  });
});

describe('imports go one way', () => {
  it('the core imports nothing outside itself, but zod where data from outside is checked', () => {
    expect(
      offending(
        within('core/'),
        (imported, path) =>
          startsWithAny(imported, 'src/core/') ||
          (imported === 'zod' &&
            startsWithAny(
              path,
              'src/core/field/',
              'src/core/image/',
              'src/core/input/',
              'src/core/cache/',
              'src/core/keep/',
              'src/core/key/',
              'src/core/message/answer.ts',
              'src/core/message/kept.ts',
            )),
      ),
    ).toEqual([]);
  });

  const CORE_IMPORTS: Readonly<Record<string, readonly string[]>> = {
    image: [],
    trace: [],
    metric: [],
    key: ['stored', 'vision'],
    flight: [],
    idempotency: [],
    field: ['image', 'vision'],
    input: ['field', 'key'],
    vision: ['image'],
    budget: ['key', 'vision'],
    message: ['field', 'image', 'input', 'vision'],
    stored: [],
    json: [],
    keep: ['image', 'key', 'stored'],
    cache: ['field', 'image', 'input', 'vision', 'message', 'stored'],
    relay: ['image', 'input', 'json', 'message', 'stored', 'vision'],
  };
  const folders = new Set(SRC.flatMap(({ path }) => /^src\/core\/([^/]+)\//.exec(path)?.[1] ?? []));

  /** What every folder of the core may use. */
  const COMMON = [
    'src/core/fault.ts',
    'src/core/invalid-request.ts',
    'src/core/schema-fault.ts',
    'src/core/near-name.ts',
    'src/core/number-from-text.ts',
    'src/core/crc32.ts',
  ];

  /** The row of a format names its memory plan; the plans themselves take only types of `core/image`. */
  const FORMAT_ROWS = 'src/core/image/format.ts';
  const MEMORY_PLANS = 'src/core/vision/memory/';

  it.each([...folders])('core/%s imports only itself, what is common and what stands before it', (folder) => {
    const others = CORE_IMPORTS[folder];
    if (others === undefined) throw new Error(`core/${folder} has no row here`);
    const allowed = [folder, ...others].map((name) => `src/core/${name}/`);
    const isAllowed = (imported: string, path: string) =>
      imported === 'zod' || COMMON.includes(imported) || startsWithAny(imported, ...allowed) || (path === FORMAT_ROWS && imported.startsWith(MEMORY_PLANS));
    expect(offending(within(`core/${folder}/`), isAllowed)).toEqual([]);
  });

  it('the fault imports nothing', () => {
    expect(within('core/fault.ts').flatMap(({ imports }) => imports)).toEqual([]);
  });

  it('the contract imports the core alone', () => {
    expect(offending(within('contract/'), (imported) => imported === 'zod' || startsWithAny(imported, 'src/core/', 'src/contract/'))).toEqual([]);
  });

  it('the codec imports the core, its ports and packages, never the service around it', () => {
    expect(
      offending(
        within('codec/'),
        (imported) => !startsWithAny(imported, 'src/') || startsWithAny(imported, 'src/codec/', 'src/core/', 'src/port/', 'src/error.ts', 'src/wasm'),
      ),
    ).toEqual([]);
  });

  it('no adapter imports http, a stage, or another adapter but what they share', () => {
    expect(
      offending(within('adapter/'), (imported, path) => {
        if (startsWithAny(imported, 'src/http/', 'src/stage/', 'src/operation/', 'src/isolate/', 'src/index.ts', 'src/codec/')) return false;
        // An adapter of several files has a folder.
        const folder = /^src\/adapter\/[^/]+\//.exec(path)?.[0];
        const isShared = imported === 'src/adapter/read-hashed.ts' || imported === 'src/adapter/rpc-session.ts';
        return !startsWithAny(imported, 'src/adapter/') || isShared || (folder !== undefined && imported.startsWith(folder));
      }),
    ).toEqual([]);
  });

  it('the scheduler of an isolate imports the core and its ports alone', () => {
    expect(offending(within('isolate/'), (imported) => startsWithAny(imported, 'src/core/', 'src/port/', 'src/isolate/'))).toEqual([]);
  });

  const ENTRANCES = ['src/http/', 'src/rpc/', 'src/queue/', 'src/mcp/'] as const;

  it('no stage imports an operation or an entrance, no operation an entrance, and no port anything but the core', () => {
    expect(offending(within('stage/'), (imported) => !startsWithAny(imported, 'src/operation/', 'src/wire/', ...ENTRANCES))).toEqual([]);
    expect(offending(within('operation/'), (imported) => !startsWithAny(imported, 'src/wire/', ...ENTRANCES))).toEqual([]);
    expect(offending(within('port/'), (imported) => startsWithAny(imported, 'src/core/', 'src/port/'))).toEqual([]);
  });

  it('an entrance reaches stages through operations alone, but for what a request leaves in log and clock', () => {
    const isSession = (imported: string) => startsWithAny(imported, 'src/stage/session/');
    expect(offending(within('http/', 'rpc/'), (imported) => !startsWithAny(imported, 'src/stage/') || isSession(imported))).toEqual([]);
  });

  it('no operation exports a pipeline that could be run without an actor', () => {
    const pipelines = SRC.filter(
      ({ path, text }) => path.startsWith('src/operation/') && /^export (async )?function \w+[^{]*\bContext\b/m.test(withoutComments(text)),
    );
    expect(pipelines.map(({ path }) => path)).toEqual([]);
  });

  it('http, the stages and the ports never import an adapter, the codec or the entry', () => {
    const sources = within('http/', 'rpc/', 'wire/', 'operation/', 'stage/', 'port/', 'error.ts', 'config.ts');
    expect(offending(sources, (imported) => !startsWithAny(imported, 'src/adapter/', 'src/codec/', 'src/isolate/', 'src/index.ts'))).toEqual([]);
  });

  it('only the entry imports configuration readers and compiled modules', () => {
    const others = SRC.filter(({ path }) => path !== 'src/index.ts');
    expect(offending(others, (imported) => !imported.endsWith('.wasm'))).toEqual([]);
    const callers = others.filter(({ path, text }) => path !== 'src/config.ts' && /\breadConfig\s*\(/.test(withoutComments(text)));
    expect(callers.map(({ path }) => path)).toEqual([]);
  });

  it('nothing of src imports the simulator or tests, and the simulator nothing of src', () => {
    expect(offending(SRC, (imported) => !startsWithAny(imported, 'simulator/', 'test/', 'scripts/', 'bench/'))).toEqual([]);
    const simulator = sourcesOf(['simulator']);
    expect(simulator.length).toBeGreaterThan(5);
    expect(offending(simulator, (imported) => !startsWithAny(imported, 'src/', 'test/'))).toEqual([]);
  });
});

describe('the environment', () => {
  it('is read by the entry alone', () => {
    const readers = SRC.filter(({ text }) => /\benv\b|process\.env|cloudflare:workers/.test(withoutComments(text))).map(({ path }) => path);
    // The platform's base classes, and nothing of the environment.
    const isObject = (path: string) => /^src\/adapter\/([^/]+\/object|rpc-session)\.ts$/.test(path);
    expect(readers.filter((path) => !isObject(path))).toEqual(['src/index.ts']);
    const objects = SRC.filter(({ path }) => isObject(path));
    expect(objects.filter(({ text }) => /\bthis\.env\b|import \{[^}]*\benv\b/.test(withoutComments(text)))).toEqual([]);
  });
});

describe('the core', () => {
  it('has no clock, no randomness, no network, no platform', () => {
    const impure = /\bDate\b|Math\.random|\bfetch\(|\bcrypto\b|\bBuffer\b|['"]node:|\bprocess\.|\bconsole\b|setTimeout|performance\./;
    expect(
      within('core/')
        .filter(({ path, text }) => !path.endsWith('.d.ts') && impure.test(withoutComments(text)))
        .map(({ path }) => path),
    ).toEqual([]);
  });
});
