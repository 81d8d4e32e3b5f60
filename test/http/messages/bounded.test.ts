/**
 * An adversary's table: members and headers that could pass a limit of money, tokens or models. Without a limit they are the API's
 * to judge; under one none of them leaves the house. Names: the request types of Anthropic's TypeScript client 1.14.
 */
import { beforeEach, describe, expect, it } from 'vitest';
import { emptyStorage } from '../../support/storage.ts';
import { makeKey } from '../../support/key.ts';
import { errorOf, startRelay } from './relay.ts';

const CEILING = { 'x-vignette-max-cost-usd': '100000' };
const TEXT = { type: 'text', text: 'x' };
const inTurn = (...content: unknown[]) => ({ messages: [{ role: 'user', content }] });
const DOCUMENT = { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'x' } };

/** The member, as it would be named, and what carries it. */
const MEMBERS: readonly (readonly [string, Record<string, unknown>])[] = [
  ['fallbacks', { fallbacks: [{ model: 'claude-fable-5' }] }],
  ['fallbacks', { fallbacks: 'default' }],
  ['fallback_credit_token', { fallback_credit_token: 'token' }],
  ['fallback_credit_token', { fallback_credit_token: { token: 'token', mode: 'best_effort' } }],
  ['container', { container: 'container_1' }],
  ['container', { container: { skills: [{ type: 'anthropic', skill_id: 'pptx' }] } }],
  ['mcp_servers', { mcp_servers: [{ type: 'url', name: 'x', url: 'https://mcp.example.com' }] }],
  ['billing_policy.bill_to', { billing_policy: { type: 'billing_policy', bill_to: 'user_profile' } }],
  ['billing_policy.account', { billing_policy: { type: 'billing_policy', account: 'x' } }],
  ['diagnostics.previous_message_id', { diagnostics: { previous_message_id: 'msg_1' } }],
  ['speed', { speed: 'fast' }],
  ['service_tier', { service_tier: 'auto' }],
  ['service_tier', { service_tier: 'priority' }],
  ['inference_geo', { inference_geo: 'us' }],
  ['compaction', { compaction: { type: 'summarize' } }],
  ['context_management.edits.0', { context_management: { edits: [{ type: 'compact_20260112' }] } }],
  ['context_management.edits.1', { context_management: { edits: [{ type: 'clear_thinking_20251015' }, { type: 'next' }] } }],
  ['context_management.auto', { context_management: { auto: true } }],
  ['tools.0', { tools: [{ type: 'web_search_20260318', name: 'web_search' }] }],
  ['tools.0', { tools: [{ type: 'web_fetch_20260318', name: 'web_fetch' }] }],
  ['tools.0', { tools: [{ type: 'code_execution_20260521', name: 'code_execution' }] }],
  ['tools.0', { tools: [{ type: 'advisor_20260301', name: 'advisor', model: 'claude-fable-5' }] }],
  ['tools.0', { tools: [{ type: 'tool_search_tool_bm25', name: 'tool_search_tool_bm25' }] }],
  ['tools.0', { tools: [{ type: 'mcp_toolset', mcp_server_name: 'x' }] }],
  ['tools.0', { tools: [{ type: 'browser_toolset_20260801' }] }],
  ['tools.0', { tools: [{ type: 'bash_20990101', name: 'bash' }] }],
  ['tools.1', { tools: [{ name: 'mine', input_schema: {} }, { type: 7 }] }],
  ['tools.0.allowed_callers.0', { tools: [{ name: 'x', input_schema: {}, allowed_callers: ['code_execution_20260521'] }] }],
  ['tools.0.runs_at', { tools: [{ name: 'x', input_schema: {}, runs_at: 'provider' }] }],
  ['tools.0.cache_control.ttl', { tools: [{ name: 'x', input_schema: {}, cache_control: { type: 'ephemeral', ttl: '24h' } }] }],
  ['tool_choice.model', { tools: [{ name: 'x', input_schema: {} }], tool_choice: { type: 'auto', model: 'claude-fable-5' } }],
  ['cache_control.ttl', { cache_control: { type: 'ephemeral', ttl: '30d' } }],
  ['cache_control.type', { cache_control: { type: 'persistent' } }],
  ['output_config.voice', { output_config: { voice: 'x' } }],
  ['thinking', { thinking: { type: 'deeper' } }],
  ['thinking.model', { thinking: { type: 'adaptive', model: 'claude-fable-5' } }],
  ['metadata.bill', { metadata: { bill: 'x' } }],
  ['system.0', { system: [{ type: 'tool_addition', tool: { type: 'tool_definition', definition: { type: 'web_search_20260318' } } }] }],
  ['system.0', { system: [{ type: 'image', source: { type: 'url', url: 'https://example.com/a.png' } }] }],
  ['system.0.cache_control.scope', { system: [{ ...TEXT, cache_control: { type: 'ephemeral', scope: 'global' } }] }],
  [
    'messages.0.content.0.tool.definition',
    inTurn({ type: 'tool_addition', tool: { type: 'tool_definition', definition: { type: 'web_search_20260318', name: 'web_search' } } }),
  ],
  ['messages.0.content.0.tool', inTurn({ type: 'tool_addition', tool: { type: 'tool_reference', name: 'x' } })],
  ['messages.0.content.0.tool', inTurn({ type: 'tool_addition', tool: { type: 'mcp_toolset_reference', mcp_server_name: 'x' } })],
  [
    'messages.0.content.0',
    inTurn({ type: 'compaction', encrypted_content: 'x', tool_changes: [{ type: 'tool_addition', tool: { type: 'tool_reference', name: 'x' } }] }),
  ],
  ['messages.0.content.1', inTurn(TEXT, { type: 'server_tool_use', id: 's', name: 'web_search', input: {} })],
  ['messages.0.content.0', inTurn({ type: 'web_search_tool_result', tool_use_id: 's', content: [{ encrypted_content: 'x' }] })],
  ['messages.0.content.0', inTurn({ type: 'mcp_tool_listing', mcp_server_name: 'x', tools: [] })],
  ['messages.0.content.0', inTurn({ type: 'fallback', from: { model: 'a' }, to: { model: 'b' } })],
  ['messages.0.content.0.text_2', inTurn({ ...TEXT, text_2: 'x' })],
  ['messages.0.content.0.content.0', inTurn({ type: 'tool_result', tool_use_id: 't', content: [{ type: 'tool_reference', tool_name: 'x' }] })],
  ['messages.0.content.0.content.0', inTurn({ type: 'tool_result', tool_use_id: 't', content: [{ type: 'browser_state', tabs: [] }] })],
  ['messages.0.content.0.toolset_name', inTurn({ type: 'tool_use', id: 't', name: 'x', input: {}, toolset_name: 'browser' })],
  ['messages.0.content.0.caller.type', inTurn({ type: 'tool_use', id: 't', name: 'x', input: {}, caller: { type: 'code_execution_20250825', tool_id: 's' } })],
  ['messages.0.content.0.source', inTurn({ ...DOCUMENT, source: { type: 'drive', id: 'x' } })],
  ['messages.0.content.0.source', inTurn({ type: 'image', source: { type: 'drive', id: 'x' } })],
  ['messages.0.content.0.pages', inTurn({ ...DOCUMENT, pages: 'all' })],
  ['messages.0.role', { messages: [{ role: 'developer', content: 'x' }] }],
  ['messages.0.model', { messages: [{ role: 'user', content: 'x', model: 'claude-fable-5' }] }],
  ['messages', { messages: { from: 'msg_1' } }],
  ['system', { system: { prompt_id: 'x' } }],
  ['prompt_id', { prompt_id: 'x' }],
  ['anthropic_beta', { anthropic_beta: ['fast-mode-2026-02-01'] }],
  ['betas', { betas: ['fast-mode-2026-02-01'] }],
  ['__proto__', JSON.parse('{"__proto__": {"speed": "fast"}}')],
  ['n', { n: 10 }],
];

const HEADERS: readonly (readonly [string, string])[] = [
  ['anthropic-workspace-id', 'wrkspc_1'],
  ['anthropic-user-profile-id', 'profile_1'],
  ['anthropic-priority', 'high'],
  ['anthropic-version', '2099-01-01'],
  ['anthropic-beta', 'context-1m-2025-08-07'],
  ['anthropic-beta', 'fast-mode-2026-02-01'],
  ['anthropic-beta', 'interleaved-thinking-2025-05-14, server-side-fallback-2026-07-01'],
  ['anthropic-beta', 'advisor-tool-2026-03-01'],
  ['anthropic-beta', 'mcp-client-2026-09-15'],
  ['anthropic-beta', 'code-execution-2025-05-22'],
  ['anthropic-beta', 'user-profiles-billing-2026-10-01'],
  ['anthropic-beta', 'compact-2026-09-04'],
  ['anthropic-beta', 'next-year-2027-01-01'],
];

/** What known clients send, and must go on sending. */
const BOUNDED: readonly Record<string, unknown>[] = [
  { system: 'x', temperature: 0.5, top_p: 0.5, top_k: 5, stop_sequences: ['a'], stream: false, metadata: { user_id: 'u' } },
  { system: [{ ...TEXT, cache_control: { type: 'ephemeral', ttl: '1h' } }], cache_control: { type: 'ephemeral' } },
  { tools: [{ name: 'x', description: 'y', input_schema: { type: 'object', anything: { speed: 'fast' } }, strict: true }], tool_choice: { type: 'auto' } },
  {
    tools: [
      { type: 'bash_20250124', name: 'bash' },
      { type: 'custom', name: 'x', input_schema: {} },
    ],
  },
  { thinking: { type: 'enabled', budget_tokens: 1024, display: 'omitted' }, max_tokens: 2048 },
  { output_config: { effort: 'low', format: { type: 'json_schema', schema: { type: 'object', properties: {}, additionalProperties: false } } } },
  { context_management: { edits: [{ type: 'clear_tool_uses_20250919', keep: { type: 'tool_uses', value: 3 } }] } },
  { speed: 'standard', inference_geo: 'global', service_tier: 'standard_only', billing_policy: { type: 'billing_policy', bill_to: 'self' } },
  { fallbacks: null, container: null, mcp_servers: [], thread: null, compaction: null, diagnostics: { previous_message_id: null } },
  {
    messages: [
      { role: 'user', content: 'a' },
      { role: 'system', content: 'b', clear_at: 'never' },
      { role: 'user', content: [TEXT, DOCUMENT] },
    ],
  },
];

describe('under a ceiling, POST /v1/messages', () => {
  const service = startRelay();

  it.each(MEMBERS)('does not send %s of %j', async (param, more) => {
    const response = await service.ask('x', more, { ...CEILING, 'anthropic-beta': 'files-api-2025-04-14' });
    expect(response.status).toBe(400);
    const { type, message, details } = await errorOf(response);
    expect({ type, details }).toMatchObject({ type: 'invalid_request_error', details: { error_code: 'invalid_request', param, billed: false } });
    expect(message).toContain(param);
    expect(service.outgoing).toEqual([]);
  });

  it.each(HEADERS)('does not send the header %s: %s', async (name, value) => {
    const response = await service.ask('x', {}, { ...CEILING, [name]: value });
    expect(response.status).toBe(400);
    const { message, details } = await errorOf(response);
    expect(details).toMatchObject({ error_code: 'invalid_request', param: name, billed: false });
    expect(message).toMatch(/Leave it out, or use a key without limits/);
    expect(service.outgoing).toEqual([]);
  });

  it('names all of them at once', async () => {
    const response = await service.ask('x', { speed: 'fast', fallbacks: 'default' }, { ...CEILING, 'anthropic-workspace-id': 'w' });
    expect((await errorOf(response)).message).toMatch(/^anthropic-workspace-id: .*\nspeed: .*\nfallbacks: .*\n.*Leave them out/);
  });

  it('names at most some of very many', async () => {
    const many = Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`member_${index}`, 1]));
    expect((await errorOf(await service.ask('x', many, CEILING))).message.length).toBeLessThan(4_000);
  });

  it.each(BOUNDED)('sends %j as it came', async (more) => {
    const answer = { type: 'message', model: 'claude-haiku-5-5', content: [], usage: { input_tokens: 1, output_tokens: 1 } };
    const sent = startRelay({ wire: async () => Response.json(answer) });
    expect((await sent.ask('x', more, { ...CEILING, 'anthropic-beta': 'interleaved-thinking-2025-05-14', accept: 'application/json' })).status).toBe(200);
    expect(sent.outgoing[0]?.body).toMatchObject(JSON.parse(JSON.stringify(more)));
  });
});

describe('the limits that hold members back', () => {
  beforeEach(emptyStorage);
  const FALLBACKS = { fallbacks: [{ model: 'claude-fable-5' }] };

  it.each([
    ['a budget of the key', { limits: { usd_per_day: 100 } }],
    ['a budget of the key in image tokens', { limits: { image_tokens_per_month: 1e9 } }],
    ['a budget of the tenant', { tenant_limits: { usd_per_month: 100 } }],
    ['a list of models', { models: ['claude-haiku-5-5'] }],
  ])('are %s', async (_, settings) => {
    const service = startRelay();
    const { header } = await makeKey(settings);
    const response = await service.ask('x', FALLBACKS, header);
    expect(response.status).toBe(400);
    expect((await errorOf(response)).details).toMatchObject({ param: 'fallbacks' });
    expect(service.outgoing).toEqual([]);
  });

  it('are the cap of the deployment', async () => {
    const service = startRelay({ environment: { BUDGET_USD_DAY: '100' } });
    expect((await service.ask('x', FALLBACKS)).status).toBe(400);
    expect(service.outgoing).toEqual([]);
  });

  it('are not those of pace alone, and without any the API judges', async () => {
    const service = startRelay();
    const { header } = await makeKey({ limits: { requests_per_minute: 100 } });
    const headers = { 'anthropic-beta': 'server-side-fallback-2026-07-01' };
    expect((await service.ask('x', FALLBACKS, { ...headers, ...header })).status).toBe(200);
    expect((await service.ask('x', FALLBACKS, headers)).status).toBe(200);
    expect(service.outgoing.map(({ body }) => body.fallbacks)).toEqual([FALLBACKS.fallbacks, FALLBACKS.fallbacks]);
  });
});
