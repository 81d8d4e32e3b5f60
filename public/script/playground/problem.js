/** A problem document (RFC 9457) on the page: what happened, where, and what to do. */
import { copyButton, element } from '../element.js';
import { count, dollars } from '../format.js';

/** The nodes for a problem. Its `type` is the address of the page that explains the code. */
export function problemNodes(problem) {
  const faults = problem.errors ?? [];
  const facts = [
    problem.status && `HTTP ${problem.status}`,
    problem.param && `at ${problem.param}`,
    problem.retryable === true && 'may succeed later',
    problem.retryable === false && 'will fail again as it is',
    problem.billed === true && 'the call was billed',
    problem.billed === false && 'nothing was billed',
    problem.request_id,
  ].filter(Boolean);
  return [
    element(
      'section',
      { class: 'problem', 'aria-label': problem.title },
      element('h2', {}, problem.title),
      faults.length > 1
        ? element(
            'ul',
            { class: 'problem-detail' },
            faults.map(({ detail }) => element('li', {}, detail)),
          )
        : element('p', { class: 'problem-detail' }, problem.detail),
      budgetText(problem.budget),
      problem.code &&
        element('p', {}, element('a', { href: `/docs/error/${problem.code}` }, 'What ', element('code', {}, problem.code), ' means and what to do')),
      element('p', { class: 'hint' }, facts.join(' · ')),
    ),
    problem.code && documentDetails(problem),
  ].filter(Boolean);
}

/** The numbers of `budget_exceeded`: what the call needs against what there is. */
function budgetText(budget) {
  if (budget === undefined) return undefined;
  const amount = (value) => (budget.unit === 'usd' ? dollars(value) : count(value, 'image token'));
  const whose = budget.period ? `the ${budget.scope}'s ${budget.period}` : `this ${budget.scope}`;
  const parts = [
    `Needed: ${amount(budget.needed)}`,
    typeof budget.limit === 'number' && `limit of ${whose}: ${amount(budget.limit)}`,
    typeof budget.spent === 'number' && `spent: ${amount(budget.spent)}`,
    typeof budget.reserved === 'number' && `reserved by calls under way: ${amount(budget.reserved)}`,
    budget.resets_at && `whole again: ${budget.resets_at}`,
  ];
  return element('p', { class: 'hint' }, `${parts.filter(Boolean).join('; ')}.`);
}

function documentDetails(problem) {
  const json = JSON.stringify(problem, null, 2);
  return element(
    'details',
    { class: 'more' },
    element('summary', {}, 'The problem document'),
    element(
      'div',
      { class: 'code' },
      element('pre', { tabindex: 0, 'aria-label': 'Problem document' }, json),
      copyButton(() => json),
    ),
  );
}
