/**
 * What this service knows of a Messages request: one row for each member whose price and reach are bounded by what stands in the
 * request, and one for each that is known not to be. A name without a row is unknown. Facts: the request types of Anthropic's
 * TypeScript client 1.14 and the documentation of 2026-11.
 *
 * Under a limit only bounded members pass (`member-check.ts`). To add one: write its row; `test/http/messages/bounded.test.ts` has
 * the members that must never pass.
 */

/** How a value is judged. `null` is as good as absent everywhere. */
export type Rule =
  /** It costs no more than its bytes, whatever it is: text, numbers, schemas, data of the caller. */
  | { readonly kind: 'any' }
  /** One of these values. */
  | { readonly kind: 'only'; readonly values: readonly (string | boolean)[]; readonly why: string }
  /** Nothing, or an empty list. */
  | { readonly kind: 'none'; readonly reach: Reach; readonly why: string }
  /** A list of values that are judged alike. */
  | { readonly kind: 'list'; readonly item: Rule }
  /** A string, or what the other rule says. */
  | { readonly kind: 'text-or'; readonly other: Rule }
  | { readonly kind: 'object'; readonly members: Members }
  /** An object whose `type` says which members it may have. */
  | { readonly kind: 'typed'; readonly types: Readonly<Record<string, Members>>; readonly untyped?: string; readonly why: string };

export type Members = Readonly<Record<string, Rule>>;

/** `stateful`: its meaning lies at the provider; `unknown`: what it costs or reaches is not known here. */
export type Reach = 'stateful' | 'unknown';

/** Tools that the API defines and the caller runs. What each adds to a prompt is published ("Tool use", pricing): 245 to 1,200 tokens. */
export const PRESET_TOOLS: readonly string[] = [
  'bash_20241022',
  'bash_20250124',
  'text_editor_20241022',
  'text_editor_20250124',
  'text_editor_20250429',
  'text_editor_20250728',
  'computer_20241022',
  'computer_20250124',
  'computer_20251124',
  'memory_20250818',
];

const ANY: Rule = { kind: 'any' };

function only(why: string, ...values: readonly (string | boolean)[]): Rule {
  return { kind: 'only', values, why };
}

function none(why: string, reach: Reach = 'unknown'): Rule {
  return { kind: 'none', reach, why };
}

function list(item: Rule): Rule {
  return { kind: 'list', item };
}

function object(members: Members): Rule {
  return { kind: 'object', members };
}

/** Members that cost their bytes alone. */
function plain(names: string): Members {
  return Object.fromEntries(names.split(' ').map((name) => [name, ANY]));
}

const TYPE: Members = { type: ANY };
const CACHE: Members = {
  cache_control: object({ type: only('another kind of cache has another price', 'ephemeral'), ttl: only('another time has another price', '5m', '1h') }),
};
const CITATIONS: Members = { citations: object({ enabled: ANY }) };
const DIRECT = 'tools called by code of the API run at the provider';
const CALLER: Members = { caller: object({ type: only(DIRECT, 'direct') }) };

const TEXT: Members = { ...TYPE, ...plain('text citations'), ...CACHE };
/** Its source has been judged by the relay itself, which takes it out of the body that is looked at here. */
const IMAGE: Members = {
  ...TYPE,
  ...CACHE,
  source: none('an image source of this kind is not known here'),
  transformations: object({ oversized_image: only('what becomes of the image is not known here', 'error', 'downsize') }),
};
const PRESET: Members = {
  ...plain('type name display_width_px display_height_px display_number enable_zoom max_characters input_examples strict defer_loading eager_input_streaming'),
  ...CACHE,
  allowed_callers: list(only(DIRECT, 'direct')),
};
const TOOL: Rule = {
  kind: 'typed',
  untyped: 'custom',
  types: { custom: { ...PRESET, ...plain('description input_schema') }, ...Object.fromEntries(PRESET_TOOLS.map((type) => [type, PRESET])) },
  why: 'the API may run this tool itself, and bill what the tool reads or asks as more input',
};
const SEARCH_RESULT: Members = {
  ...TYPE,
  ...plain('source title'),
  ...CACHE,
  ...CITATIONS,
  content: list({ kind: 'typed', types: { text: TEXT }, why: 'a search result holds text' }),
};
const DOCUMENT: Members = {
  ...TYPE,
  ...plain('context title'),
  ...CACHE,
  ...CITATIONS,
  source: {
    kind: 'typed',
    types: {
      base64: plain('type media_type data'),
      url: plain('type url'),
      text: plain('type media_type data'),
      content: {
        ...TYPE,
        content: { kind: 'text-or', other: list({ kind: 'typed', types: { text: TEXT, image: IMAGE }, why: 'a document holds text and images' }) },
      },
    },
    why: 'what a document of this source holds is not known here',
  },
};
const TOOL_RESULT: Members = {
  ...plain('type tool_use_id is_error'),
  ...CACHE,
  toolset_name: none('toolsets have a preamble of unknown length'),
  content: {
    kind: 'text-or',
    other: list({
      kind: 'typed',
      types: { text: TEXT, image: IMAGE, document: DOCUMENT, search_result: SEARCH_RESULT },
      why: 'what this block brings into the prompt is not known here',
    }),
  },
};
const TOOL_ADDITION: Members = {
  ...TYPE,
  ...CACHE,
  tool: {
    kind: 'typed',
    types: { tool_definition: { ...TYPE, definition: TOOL } },
    why: 'a tool that is added by reference repeats its definition in the prompt',
  },
};

/** Blocks in the content of a message. */
const BLOCK: Rule = {
  kind: 'typed',
  types: {
    text: TEXT,
    image: IMAGE,
    document: DOCUMENT,
    search_result: SEARCH_RESULT,
    thinking: plain('type thinking signature'),
    redacted_thinking: plain('type data'),
    tool_use: { ...plain('type id input name'), ...CACHE, ...CALLER, toolset_name: none('toolsets have a preamble of unknown length') },
    tool_result: TOOL_RESULT,
    tool_addition: TOOL_ADDITION,
    tool_removal: { ...plain('type tool'), ...CACHE },
  },
  why: 'what this block brings into the prompt, and what it costs, is not known here',
};

const THINKING: Members = plain('type display block_binding');
const OUTPUT_CONFIG: Members = {
  effort: ANY,
  format: object(plain('type schema')),
  task_budget: object(plain('type total remaining')),
};

/** The members of a request. */
export const REQUEST_MEMBERS: Members = {
  ...plain('model max_tokens stop_sequences stream temperature top_p top_k'),
  ...CACHE,
  metadata: object(plain('user_id')),
  messages: list(
    object({
      role: only('another role has a meaning that is not known here', 'user', 'assistant', 'system'),
      content: { kind: 'text-or', other: list(BLOCK) },
      clear_at: ANY,
      output_config: object(plain('effort')),
    }),
  ),
  system: { kind: 'text-or', other: list({ kind: 'typed', types: { text: TEXT }, why: 'a system prompt holds text' }) },
  tools: list(TOOL),
  tool_choice: object(plain('type name disable_parallel_tool_use')),
  output_config: object(OUTPUT_CONFIG),
  output_format: object(plain('type schema')),
  thinking: {
    kind: 'typed',
    types: { disabled: TYPE, between_tools: TYPE, adaptive: THINKING, enabled: { ...THINKING, budget_tokens: ANY } },
    why: 'what this kind of thinking costs is not known here',
  },
  context_management: object({
    edits: list({
      kind: 'typed',
      types: {
        clear_tool_uses_20250919: plain('type clear_at_least clear_tool_inputs exclude_tools keep trigger'),
        clear_thinking_20251015: plain('type keep'),
      },
      why: 'it may ask the model once more, as compaction does',
    }),
  }),
  speed: only('other speeds have another price', 'standard'),
  inference_geo: only('other regions have another price', 'global'),
  service_tier: only('other capacity has another price', 'standard_only'),
  billing_policy: object({ type: ANY, bill_to: only('it bills somebody else', 'self') }),
  compaction: none('it asks the model for a summary of unknown length'),
  container: none('what code in a container does is billed apart, and its state lies at the provider', 'stateful'),
  diagnostics: object({ previous_message_id: none('it compares with another request, whose state lies at the provider', 'stateful') }),
  fallback_credit_token: none('it belongs to another request, whose state lies at the provider', 'stateful'),
  fallbacks: none('another model may answer, at another price'),
  mcp_servers: none('what those servers answer is billed as input'),
  thread: none('a conversation that the provider holds is not counted here', 'stateful'),
};
