/** One operation of an OpenAPI document as a section: parameters, body, answers, an example line. */
import { copyButton, element } from '../element.js';
import { exampleLine } from './example.js';
import { fieldTable, resolve } from './schema.js';

export function operationSection(operation, specification, origin) {
  const { operationId, method, path, summary, description, parameters, requestBody, responses } = operation;
  const line = exampleLine(operation, origin);
  return element(
    'section',
    { id: operationId, 'aria-labelledby': `${operationId}-title` },
    element('h2', { id: `${operationId}-title` }, element('span', { class: 'method' }, method.toUpperCase()), ' ', element('code', {}, path)),
    element('p', {}, `${summary}.`),
    element('p', {}, description),
    element(
      'div',
      { class: 'code' },
      element('pre', { tabindex: 0, 'aria-label': `Example of ${summary}` }, line),
      copyButton(() => line),
    ),
    parameters.length > 0 && [element('h3', {}, 'Parameters'), parameterTable(parameters)],
    requestBody !== undefined && bodyNodes(requestBody, specification),
    element('h3', {}, 'Answers'),
    element(
      'dl',
      { class: 'answers' },
      Object.entries(responses).flatMap(([status, response]) => [element('dt', {}, status), element('dd', {}, responseNodes(response, specification))]),
    ),
  );
}

function parameterTable(parameters) {
  const properties = Object.fromEntries(parameters.map(({ name, description, schema }) => [name, { ...schema, description }]));
  const required = parameters.filter((parameter) => parameter.required).map(({ name }) => name);
  return fieldTable({ properties, required });
}

/** The fields once, from the JSON form; the other forms carry the same. */
function bodyNodes({ content }, specification) {
  const types = Object.keys(content);
  const schema = resolve(content['application/json']?.schema, specification);
  return [
    element('h3', {}, 'Body'),
    element(
      'p',
      {},
      types.flatMap((type, index) => [index > 0 ? ', ' : '', element('code', {}, type)]),
      types.includes('image/*') && types.includes('multipart/form-data')
        ? '. A raw image takes the fields as query parameters, a form as parts; lists are written with commas.'
        : '.',
    ),
    schema?.properties && fieldTable(schema, specification),
  ];
}

function responseNodes({ description, content = {} }, specification) {
  const schema = resolve(content['application/json']?.schema, specification);
  const types = Object.keys(content);
  const isOpen = schema?.properties !== undefined;
  return [
    element('p', {}, description, types.length > 0 && [' (', types.flatMap((type, index) => [index > 0 ? ', ' : '', element('code', {}, type)]), ')']),
    isOpen && element('details', {}, element('summary', {}, 'Fields of the answer'), fieldTable(schema, specification)),
  ];
}
