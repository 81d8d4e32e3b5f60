/** One operation of an OpenAPI document as a section: parameters, body, answers, an example line. */
import { copyButton, element } from '../element.js';
import { exampleLine, exampleOf } from './example.js';
import { REQUEST_NOTES } from './note.js';
import { memberRows, resolve, typeText } from './schema.js';
import { memberTable } from './table.js';

/** The section, and for the search the rows of its members: `{id, node, rows: [{scope, name, note}]}`. */
export function operationSection(operation, specification) {
  const { operationId: id, method, path, summary, description, parameters, requestBody, responses } = operation;
  const line = exampleLine(operation, specification);
  const rows = { parameters: parameterRows(parameters, specification), body: bodyRows(requestBody, specification) };
  const answers = Object.entries(responses).map(([status, response]) => ({ status, response, rows: answerRows(response, specification) }));
  const node = element(
    'section',
    { id, 'aria-labelledby': `${id}-title` },
    element(
      'h2',
      { id: `${id}-title` },
      element('span', { class: 'method' }, method.toUpperCase()),
      ' ',
      element('code', {}, path),
      ' ',
      element('a', { class: 'anchor', href: `#${id}`, 'aria-label': `Link to ${summary}` }, '#'),
    ),
    element('p', {}, `${summary}.`),
    description && element('p', {}, description),
    codeBlock(line, `Example of ${summary}`),
    rows.parameters.length > 0 && [element('h3', {}, 'Parameters'), memberTable(rows.parameters, `${id}.parameter`)],
    requestBody !== undefined && [element('h3', {}, 'Body'), bodyTypes(requestBody), rows.body.length > 0 && memberTable(rows.body, `${id}.body`)],
    element('h3', {}, 'Answers'),
    element(
      'dl',
      { class: 'answers' },
      answers.flatMap(({ status, response, rows: members }) => [
        element('dt', {}, status),
        element('dd', {}, answerNodes(response, members, `${id}.${status}`, specification)),
      ]),
    ),
  );
  const found = [[`${id}.parameter`, rows.parameters], [`${id}.body`, rows.body], ...answers.map((answer) => [`${id}.${answer.status}`, answer.rows])];
  return { id, node, rows: found.flatMap(([scope, members]) => members.map(({ name, note }) => ({ scope, name, note }))) };
}

/** A block of code with its button; it can be scrolled with the keyboard. */
export function codeBlock(text, label) {
  return element(
    'div',
    { class: 'code' },
    element('pre', { tabindex: 0, 'aria-label': label }, text),
    copyButton(() => text),
  );
}

function parameterRows(parameters, specification) {
  return parameters.map(({ name, in: place, schema = {}, description, required = false, example }) => ({
    name,
    text: `${typeText(schema, specification)}${place === 'header' ? '; a header' : ''}`,
    note: description ?? resolve(schema, specification).description,
    example,
    isRequired: required,
  }));
}

/** The members once, from the JSON form; the other forms carry the same. */
function bodyRows(requestBody, specification) {
  return memberRows(requestBody?.content['application/json']?.schema, specification, REQUEST_NOTES);
}

function answerRows({ content = {} }, specification) {
  return memberRows(content['application/json']?.schema, specification);
}

function bodyTypes({ content }) {
  const types = Object.keys(content);
  const isForm = types.includes('image/*') && types.includes('multipart/form-data') && types.includes('application/json');
  return element(
    'p',
    {},
    typeList(types),
    isForm ? '. A raw image takes the members as query parameters, a form as parts; lists are written with commas.' : '.',
  );
}

function answerNodes({ description, content = {} }, rows, scope, specification) {
  const types = Object.keys(content);
  const example = exampleOf(content['application/json'], specification);
  return [
    element('p', {}, description, types.length > 0 && [' (', typeList(types), ')']),
    rows.length > 0 && element('details', {}, element('summary', {}, 'Members of the answer'), memberTable(rows, scope)),
    example !== undefined &&
      element('details', {}, element('summary', {}, 'Example'), codeBlock(JSON.stringify(example, null, 2), `Example of an answer: ${description}`)),
  ];
}

function typeList(types) {
  return types.map((type, index) => [index > 0 ? ', ' : '', element('code', {}, type)]);
}
