import { ApiError, invalidRequest } from '../error.ts';
import { isObject, refuseExtraFields, requireArray, requireInteger, requireObject, requireString, type JsonObject } from '../json.ts';
import { THINKING_BUDGET_MIN } from '../limit.ts';
import { findModel, type Model } from '../model.ts';
import { checkSchema } from '../schema/check.ts';
import { readConversation, readSystem, type Conversation } from './block.ts';

/** A tool that must be called, and the schema of its input. */
export interface ForcedTool {
  readonly name: string;
  readonly schema: JsonObject;
}

/** A Messages request whose fields have all been checked; its images have not been loaded. */
export interface ModelRequest {
  readonly model: Model;
  /** The name that was asked for, date suffix included: the answer repeats it. */
  readonly modelName: string;
  readonly maxTokens: number;
  readonly isStream: boolean;
  readonly system: string;
  readonly conversation: Conversation;
  readonly stopSequences: readonly string[];
  /** Schema of the structured output that was asked for. */
  readonly schema: JsonObject | undefined;
  readonly forcedTool: ForcedTool | undefined;
  /** How the thinking that was asked for is shown; `undefined` where none was. */
  readonly thinking: 'summarized' | 'omitted' | undefined;
  /** Everything that is billed as text: system, turns, tools, schema. */
  readonly billedText: string;
}

/** Which protocol a request speaks, from its headers. */
export interface Protocol {
  readonly version: string;
  readonly hasBeta: boolean;
}

/** The version under which sampling parameters are retired. */
export const VERSION_WITHOUT_SAMPLING = '2026-10-21';

const COUNT_FIELDS = ['messages', 'model', 'cache_control', 'output_config', 'speed', 'system', 'thinking', 'tool_choice', 'tools', 'user_profile_id'];
const CREATE_FIELDS = [
  'max_tokens',
  'container',
  'diagnostics',
  'inference_geo',
  'metadata',
  'service_tier',
  'stop_sequences',
  'stream',
  'temperature',
  'top_p',
  'top_k',
];
const COUNT_FIELD_SET = new Set(COUNT_FIELDS);
const FIELD_SET = new Set([...COUNT_FIELDS, ...CREATE_FIELDS]);

/** Reads a `POST /v1/messages` body. @throws 400 for the first bad field, 404 for an unknown model. */
export function parseMessagesRequest(body: JsonObject, protocol: Protocol): ModelRequest {
  // Betas bring fields of their own, which are not simulated and not refused either.
  if (!protocol.hasBeta) refuseExtraFields(body, FIELD_SET, '');
  const common = parseCommon(body);
  refuseSampling(body, protocol);
  const stopSequences = body['stop_sequences'] ?? [];
  const maxTokens = requireInteger(body['max_tokens'], 'max_tokens', 1);
  return {
    ...common,
    maxTokens,
    thinking: readThinking(body['thinking'], maxTokens),
    isStream: requireBoolean(body['stream'] ?? false, 'stream'),
    stopSequences: requireArray(stopSequences, 'stop_sequences').map((item, index) => requireString(item, `stop_sequences.${index}`)),
  };
}

/** Reads a `POST /v1/messages/count_tokens` body. @throws as {@link parseMessagesRequest} */
export function parseCountRequest(body: JsonObject, protocol: Protocol): ModelRequest {
  if (!protocol.hasBeta) refuseExtraFields(body, COUNT_FIELD_SET, '');
  return { ...parseCommon(body), maxTokens: 1, thinking: undefined, isStream: false, stopSequences: [] };
}

type Common = Omit<ModelRequest, 'maxTokens' | 'thinking' | 'isStream' | 'stopSequences'>;

function parseCommon(body: JsonObject): Common {
  const modelName = requireString(body['model'], 'model');
  const conversation = readConversation(body['messages']);
  const system = readSystem(body['system']);
  const model = findModel(modelName);
  if (model === undefined) throw new ApiError('not_found_error', `model: ${modelName}`);
  const schema = readSchema(body['output_config']);
  const tools = readTools(body['tools']);
  const billed = [system, ...conversation.texts];
  if (tools.length > 0) billed.push(JSON.stringify(tools));
  if (schema !== undefined) billed.push(JSON.stringify(schema));
  return {
    model,
    modelName,
    system,
    conversation,
    schema,
    forcedTool: readForcedTool(body['tool_choice'], tools, model),
    billedText: billed.join(''),
  };
}

function requireBoolean(value: unknown, path: string): boolean {
  if (typeof value !== 'boolean') throw invalidRequest(`${path}: Input should be a valid boolean`);
  return value;
}

function refuseSampling(body: JsonObject, protocol: Protocol): void {
  for (const field of ['temperature', 'top_p', 'top_k']) {
    if (body[field] === undefined) continue;
    if (protocol.version === VERSION_WITHOUT_SAMPLING) {
      throw invalidRequest(`${field}: not supported with anthropic-version ${protocol.version}`);
    }
    if (typeof body[field] !== 'number') throw invalidRequest(`${field}: Input should be a valid number`);
  }
}

/** Whether thinking is asked for, and how it is shown. Left out, an answer here has none, whatever a model would do. */
function readThinking(value: unknown, maxTokens: number): ModelRequest['thinking'] {
  if (value === undefined || value === null) return undefined;
  const { type, display, ...fields } = requireObject(value, 'thinking');
  if (type !== 'enabled' && type !== 'adaptive' && type !== 'disabled' && type !== 'between_tools') {
    throw invalidRequest("thinking.type: Input should be 'enabled', 'disabled', 'between_tools' or 'adaptive'");
  }
  if (type === 'enabled') {
    const budget = requireInteger(fields['budget_tokens'], 'thinking.enabled.budget_tokens', THINKING_BUDGET_MIN);
    if (budget >= maxTokens) throw invalidRequest('`max_tokens` must be greater than `thinking.budget_tokens`');
  }
  if (type === 'disabled' || type === 'between_tools') return undefined;
  return display === 'omitted' ? 'omitted' : 'summarized';
}

function readSchema(value: unknown): JsonObject | undefined {
  if (value === undefined || value === null) return undefined;
  const format = requireObject(value, 'output_config')['format'];
  if (format === undefined || format === null) return undefined;
  const path = 'output_config.format';
  const fields = requireObject(format, path);
  if (fields['type'] !== 'json_schema') throw invalidRequest(`${path}.type: Input should be 'json_schema'`);
  refuseExtraFields(fields, new Set(['type', 'schema']), path);
  const schema = requireObject(fields['schema'], `${path}.schema`);
  checkSchema(schema, `${path}.schema`);
  return schema;
}

function readTools(value: unknown): JsonObject[] {
  if (value === undefined || value === null) return [];
  return requireArray(value, 'tools').map((item, index) => {
    const tool = requireObject(item, `tools.${index}`);
    requireString(tool['name'], `tools.${index}.name`);
    return tool;
  });
}

function readForcedTool(value: unknown, tools: readonly JsonObject[], model: Model): ForcedTool | undefined {
  if (value === undefined || value === null) return undefined;
  const choice = requireObject(value, 'tool_choice');
  const type = choice['type'];
  if (type !== 'auto' && type !== 'none' && type !== 'any' && type !== 'tool') {
    throw invalidRequest("tool_choice.type: Input should be 'auto', 'any', 'tool' or 'none'");
  }
  if (tools.length === 0) throw invalidRequest('tool_choice: may only be specified while providing tools');
  if (type === 'auto' || type === 'none') return undefined;
  if (model.refusesForcedTool === true) {
    throw invalidRequest(`tool_choice: forced tool use ('${type}') is not supported by ${model.id}`);
  }
  const tool = type === 'any' ? tools[0] : tools.find((candidate) => candidate['name'] === choice['name']);
  if (tool === undefined) {
    throw invalidRequest(`tool_choice: Tool '${String(choice['name'])}' not found in provided tools`);
  }
  const schema = tool['input_schema'];
  return { name: String(tool['name']), schema: isObject(schema) ? schema : { type: 'object' } };
}
