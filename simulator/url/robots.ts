/** The product token that Anthropic documents for downloads on a user's behalf. */
export const USER_AGENT_TOKEN = 'Claude-User';

interface Rule {
  readonly isAllowed: boolean;
  readonly path: string;
}

/**
 * Whether a robots.txt lets `agent` read `path` (path and query). RFC 9309 §2.2: the group of the agent, else that of
 * `*`; the longest matching rule decides, `allow` wins a tie; no rule, no prohibition.
 */
export function robotsAllow(robots: string, agent: string, path: string): boolean {
  const rules = rulesFor(robots, agent);
  let best: Rule | undefined;
  for (const rule of rules) {
    if (!matches(rule.path, path)) continue;
    const isLonger = best === undefined || rule.path.length > best.path.length;
    const winsTie = best !== undefined && rule.path.length === best.path.length && rule.isAllowed;
    if (isLonger || winsTie) best = rule;
  }
  return best?.isAllowed ?? true;
}

function rulesFor(robots: string, agent: string): Rule[] {
  const groups = new Map<string, Rule[]>();
  let agents: string[] = [];
  let isInRules = false;
  for (const line of robots.split(/\r\n|\r|\n/)) {
    const match = /^\s*([A-Za-z-]+)\s*:\s*([^#]*)/.exec(line);
    const key = match?.[1]?.toLowerCase();
    const value = match?.[2]?.trim() ?? '';
    if (key === 'user-agent') {
      // A user-agent line after rules begins a new group; before them it adds to the same one.
      if (isInRules) agents = [];
      isInRules = false;
      agents.push(value.toLowerCase());
      if (!groups.has(value.toLowerCase())) groups.set(value.toLowerCase(), []);
    } else if (key === 'allow' || key === 'disallow') {
      isInRules = true;
      // An empty disallow prohibits nothing.
      if (value === '') continue;
      for (const name of agents) groups.get(name)?.push({ isAllowed: key === 'allow', path: value });
    }
  }
  return groups.get(agent.toLowerCase()) ?? groups.get('*') ?? [];
}

/** `*` stands for any characters and a final `$` for the end (RFC 9309 §2.2.3). Linear: no backtracking. */
function matches(pattern: string, path: string): boolean {
  const isAnchored = pattern.endsWith('$');
  const parts = (isAnchored ? pattern.slice(0, -1) : pattern).split('*');
  const first = parts.shift() ?? '';
  if (!path.startsWith(first)) return false;
  let position = first.length;
  for (const [index, part] of parts.entries()) {
    if (isAnchored && index === parts.length - 1) {
      return path.length - part.length >= position && path.endsWith(part);
    }
    const found = path.indexOf(part, position);
    if (found < 0) return false;
    position = found + part.length;
  }
  return !isAnchored || position === path.length;
}
