/** `npm run keys -- create|list|rotate|revoke`: API keys of this machine's service, or of a deployment. */
import { parseArgs } from 'node:util';
import { create, list, revoke, rotate } from './keys/command.mjs';
import { openNamespace } from './keys/kv.mjs';

const HELP = `API keys, kept in KV by the hash of their secret.

  npm run keys -- create --tenant NAME [settings]   make a key; its secret is printed this once
  npm run keys -- list                              all keys, without secrets
  npm run keys -- rotate ID [--overlap 24h]         a new secret; the present one works for the overlap
  npm run keys -- revoke ID                         never to work again

Settings of a new key:
  --name TEXT             for people; default: the tenant
  --scopes LIST           describe, estimate, images, messages, admin, jobs (its route is not built yet);
                          default: all but admin
  --models LIST           ids of the models that it may ask; default: all
  --limit NAME=NUMBER     usd_per_day, usd_per_month, image_tokens_per_day, image_tokens_per_month,
                          requests_per_minute, image_tokens_per_minute; may be repeated
  --tenant-limit …        the same for all keys of the tenant together, those that are there included
  --store MODE            none, hash, result or image; default: image
  --retention-days DAYS   after which what was kept is gone
  --expires WHEN          90d, 12h, or a time such as 2027-01-31T00:00:00Z

Where:
  --local                 the service that "npm start" runs; the default
  --remote                the deployment of wrangler.toml; wrangler has to be logged in
  --namespace-id ID       a KV namespace that wrangler.toml does not name
  --persist-to FOLDER     state of a local service started with the same option

  --json                  print JSON alone
  --help

Examples:
  npm run keys -- create --tenant shop
  npm run keys -- create --tenant shop --name "alt texts" --scopes describe,estimate --limit requests_per_minute=60 --expires 90d
  npm run keys -- create --tenant ops --scopes admin --remote
  npm run keys -- rotate key_019a… --overlap 1h --remote
`;

const OPTIONS = {
  tenant: { type: 'string' },
  name: { type: 'string' },
  scopes: { type: 'string' },
  models: { type: 'string' },
  limit: { type: 'string', multiple: true },
  'tenant-limit': { type: 'string', multiple: true },
  store: { type: 'string' },
  'retention-days': { type: 'string' },
  expires: { type: 'string' },
  overlap: { type: 'string' },
  local: { type: 'boolean' },
  remote: { type: 'boolean' },
  'namespace-id': { type: 'string' },
  'persist-to': { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
};
const SETTINGS = ['tenant', 'name', 'scopes', 'models', 'limit', 'tenant-limit', 'store', 'retention-days', 'expires'];
/** Fields of the body whose option is not their own name with dashes. */
const OPTION_OF = { limits: 'limit', tenant_limits: 'tenant-limit', expires_at: 'expires', overlap_seconds: 'overlap' };
const SECONDS = { s: 1, m: 60, h: 3_600, d: 86_400 };

try {
  await run();
} catch (error) {
  // One line a fault, where a schema found several.
  console.error(error.errors?.length > 0 ? error.errors.map(({ detail }) => inOptions(detail)).join('\n') : error.message);
  process.exitCode = 1;
}

async function run() {
  const { values, positionals } = parseArgs({ options: OPTIONS, allowPositionals: true });
  const [command, id, ...more] = positionals;
  if (values.help || command === undefined) return void process.stdout.write(HELP);
  if (!['create', 'list', 'rotate', 'revoke'].includes(command)) throw new Error(`There is no "${command}". See npm run keys -- --help.`);
  if (values.local && values.remote) throw new Error('Give --local or --remote, not both.');
  const hasId = command === 'rotate' || command === 'revoke';
  if (more.length > 0 || (id !== undefined) !== hasId)
    throw new Error(`"${command}" takes ${hasId ? 'one id of a key' : 'no further words'}. See npm run keys -- --help.`);
  const foreign = [...(command === 'create' ? [] : SETTINGS), ...(command === 'rotate' ? [] : ['overlap'])].find((name) => values[name] !== undefined);
  if (foreign !== undefined) throw new Error(`--${foreign} has no meaning for "${command}". See npm run keys -- --help.`);
  const namespace = openNamespace({ isRemote: values.remote === true, namespaceId: values['namespace-id'], persistTo: values['persist-to'] });
  try {
    await perform(command, id, values, namespace);
  } finally {
    await namespace.close();
  }
}

async function perform(command, id, values, namespace) {
  const place = values.remote ? 'the deployment' : 'this machine';
  const print = (result, text) => console.log(values.json ? JSON.stringify(result, undefined, 2) : text);

  if (command === 'create') {
    const key = await create(namespace, bodyFrom(values));
    print(
      key,
      `Created ${key.id} for tenant "${key.tenant}" on ${place}.\n\n  ${key.secret}\n\nThis secret is not shown again. Scopes: ${key.scopes.join(', ')}.`,
    );
  } else if (command === 'rotate') {
    const key = await rotate(namespace, id, values.overlap === undefined ? {} : { overlap_seconds: seconds('overlap', values.overlap) });
    const end = key.secrets[1]?.ends_at;
    print(
      key,
      `${id} has a new secret on ${place}.\n\n  ${key.secret}\n\nIt is not shown again. The former one ${end === undefined ? 'has ended; a running service may still accept it for up to 90 seconds' : `works until ${end}`}.`,
    );
  } else if (command === 'revoke') {
    print(await revoke(namespace, id), `${id} is revoked on ${place}. A running service may still accept it for up to 90 seconds.`);
  } else {
    const keys = await list(namespace);
    print(keys, keys.length === 0 ? `There are no keys on ${place}.` : table(keys));
  }
}

/** The body of `POST /v1/admin/keys` that the options stand for; what is wrong with it, the schema says. */
function bodyFrom(values) {
  const words = (text) => text.split(',').map((word) => word.trim());
  const body = {
    tenant: values.tenant,
    name: values.name,
    scopes: values.scopes && words(values.scopes),
    models: values.models && words(values.models),
    limits: limitsFrom('limit', values.limit),
    tenant_limits: limitsFrom('tenant-limit', values['tenant-limit']),
    store: values.store,
    retention_days: values['retention-days'] && number('retention-days', values['retention-days']),
    expires_at: values.expires && (/^\d+[smhd]$/.test(values.expires) ? inSeconds(seconds('expires', values.expires)) : values.expires),
  };
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined));
}

/** A fault of a field as one of its option: `"limits.usd_per_day" is` → `--limit usd_per_day is`. */
function inOptions(detail) {
  return detail.replace(/"(\w+)(?:\.(\w+)|\[\d+\])?"/, (_, field, name) => {
    const option = `--${OPTION_OF[field] ?? field.replaceAll('_', '-')}`;
    return name === undefined ? option : `${option} ${name}`;
  });
}

function limitsFrom(option, pairs) {
  if (pairs === undefined) return undefined;
  return Object.fromEntries(
    pairs.map((pair) => {
      const [name, value] = pair.split('=');
      return [name, number(`${option} ${name}`, value ?? '')];
    }),
  );
}

function number(option, text) {
  if (!/^\d+(\.\d+)?$/.test(text)) throw new Error(`--${option} needs a number, not "${text}".`);
  return Number(text);
}

function seconds(option, text) {
  const [, count, unit] = /^(\d{1,9})([smhd]?)$/.exec(text) ?? [];
  if (count === undefined) throw new Error(`--${option} needs a time such as 90d, 12h, 30m or 45s, not "${text}".`);
  return Number(count) * (SECONDS[unit] ?? 1);
}

function inSeconds(count) {
  return new Date(Date.now() + count * 1000).toISOString();
}

function stateOf({ revoked_at: revokedAt, expires_at: expiresAt }) {
  if (revokedAt !== null) return `revoked ${revokedAt.slice(0, 10)}`;
  if (expiresAt === null) return 'active';
  return `${Date.parse(expiresAt) <= Date.now() ? 'expired' : 'until'} ${expiresAt.slice(0, 10)}`;
}

function table(keys) {
  const rows = keys.map((key) => ({
    id: key.id,
    tenant: key.tenant,
    name: key.name,
    scopes: key.scopes.join(','),
    created: key.created_at.slice(0, 10),
    state: stateOf(key),
    secrets: String(key.secrets.length),
  }));
  const columns = Object.keys(rows[0]);
  const widths = columns.map((column) => Math.max(column.length, ...rows.map((row) => row[column].length)));
  const line = (cells) =>
    cells
      .map((cell, index) => cell.padEnd(widths[index]))
      .join('  ')
      .trimEnd();
  return [line(columns), ...rows.map((row) => line(columns.map((column) => row[column])))].join('\n');
}
