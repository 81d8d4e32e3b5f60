/** A problem document (RFC 9457) on the page: what happened, where, and what to do. */
import { element } from '../element.js';

/** The nodes for a problem. Its `type` is the address of the page that explains the code. */
export function problemNodes(problem) {
  const faults = problem.errors ?? [];
  const facts = [
    problem.status && `HTTP ${problem.status}`,
    problem.retryable === true && 'may succeed later',
    problem.retryable === false && 'will fail again as it is',
    problem.billed === true && 'the call was billed',
    problem.request_id,
  ].filter(Boolean);
  return [
    element(
      'section',
      { class: 'problem', 'aria-labelledby': 'problem-title' },
      element('h2', { id: 'problem-title' }, problem.title),
      faults.length > 1
        ? element(
            'ul',
            {},
            faults.map(({ detail }) => element('li', {}, detail)),
          )
        : element('p', { class: 'problem-detail' }, problem.detail),
      problem.code &&
        element('p', {}, element('a', { href: `/docs/error/${problem.code}` }, 'What ', element('code', {}, problem.code), ' means and what to do')),
      element('p', { class: 'hint' }, facts.join(' · ')),
    ),
  ];
}
