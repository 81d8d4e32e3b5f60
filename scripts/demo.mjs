/** `npm run demo [-- --real]`: one picture all the way, twice, and what it cost. */
import { parseArgs } from 'node:util';
import { checkKey, chooseClaude, describeClaude, UsageError } from './local/setting.mjs';
import { startStack } from './local/stack.mjs';
import { walk } from './local/walk.mjs';

const USAGE = `npm run demo [-- options]: one picture all the way, twice, and what it cost.

  --real        ask the real API with ANTHROPIC_API_KEY of your shell or of .dev.vars: two calls, billed
  --simulated   never, even with a key in .dev.vars
`;

try {
  await demo();
} catch (error) {
  console.error(error instanceof UsageError ? error.message : error);
  process.exitCode = 1;
}

async function demo() {
  const { real, simulated, help } = readArguments();
  if (help) return void process.stdout.write(USAGE);
  const claude = chooseClaude({ wantsReal: real, wantsSimulated: simulated });
  if (claude.apiKey !== undefined) await checkKey(claude);
  const stack = await startStack({ isTemporary: true, claude, onStep: (step) => console.log(step) });
  try {
    console.log(`Claude: ${describeClaude(claude, stack.model)}.\n`);
    const { table, descriptions } = await walk({ ...stack, samples: `${stack.url}/samples` });
    console.log(`${table}\n\n${descriptions}\n\nIt works. Next: npm start, then the curl lines that it prints.`);
  } finally {
    await stack.stop();
  }
}

function readArguments() {
  const boolean = { type: 'boolean', default: false };
  try {
    return parseArgs({ options: { real: boolean, simulated: boolean, help: { ...boolean, short: 'h' } } }).values;
  } catch (error) {
    throw new UsageError(`${error.message}\n${USAGE}`, { cause: error });
  }
}
