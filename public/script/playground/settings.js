/** The settings of the form, as the API takes them. What is left at its default is not sent. */
import { element } from '../element.js';
import { fieldName } from '../format.js';

/** Controls that an address can set, by their ids. */
const SHARED = ['languages', 'detail', 'prompt', 'model', 'cache', 'surrounding'];

/** Checkboxes for the fields that this deployment knows, as its OpenAPI document says; the default is checked. */
export async function loadFields() {
  const document_ = await (await fetch('/openapi.json')).json();
  const schema = document_.paths['/v1/describe'].post.requestBody.content['application/json'].schema;
  const names = schema.properties.fields.items.enum;
  document
    .getElementById('fields')
    .replaceChildren(
      ...names.map((name) =>
        element('label', { class: 'check' }, element('input', { type: 'checkbox', name: 'field', value: name, checked: name === 'alt_text' }), fieldName(name)),
      ),
    );
}

/** Offers the models of the deployment. */
export function showModels({ data, default_model: defaultModel }) {
  const select = document.getElementById('model');
  const chosen = select.value || select.dataset.wanted || '';
  select.replaceChildren(
    element('option', { value: '' }, `${defaultModel} (default)`),
    ...data.filter(({ id }) => id !== defaultModel).map(({ id }) => element('option', { value: id }, id)),
  );
  select.value = [...select.options].some(({ value }) => value === chosen) ? chosen : '';
}

/** The settings as JSON, in the order in which the reference lists them. */
export function readSettings() {
  const value = (id) => document.getElementById(id).value.trim();
  const fields = checkedFields();
  const languages = listOf(value('languages'));
  const settings = {
    fields: fields.length === 0 || (fields.length === 1 && fields[0] === 'alt_text' && value('prompt') === '') ? undefined : fields,
    prompt: value('prompt'),
    languages: languages.length === 0 || languages.join() === 'en' ? undefined : languages,
    context: value('surrounding') === '' ? undefined : { surrounding_text: value('surrounding') },
    model: value('model'),
    detail: value('detail'),
    cache: value('cache'),
  };
  return Object.fromEntries(Object.entries(settings).filter(([, setting]) => setting !== undefined && setting !== ''));
}

/** The form as a fragment that another browser can be given; never the key, never an image. */
export function shareFragment() {
  const pairs = SHARED.map((id) => [id, document.getElementById(id).value.trim()]);
  const changed = pairs.filter(([id, value]) => value !== '' && !(id === 'languages' && value === 'en'));
  const fields = checkedFields();
  const parameters = new URLSearchParams([...(fields.join() === 'alt_text' ? [] : [['fields', fields.join()]]), ...changed]);
  return parameters.toString();
}

/** Sets the form by the fragment of the address, after the fields stand there. */
export function applyFragment() {
  const parameters = new URLSearchParams(location.hash.slice(1));
  for (const id of SHARED) {
    const value = parameters.get(id);
    if (value === null) continue;
    const control = document.getElementById(id);
    control.value = value;
    // Models are offered once a key is there.
    if (id === 'model') control.dataset.wanted = value;
    control.closest('details')?.setAttribute('open', '');
  }
  if (!parameters.has('fields')) return;
  const fields = listOf(parameters.get('fields'));
  for (const box of document.querySelectorAll('input[name=field]')) box.checked = fields.includes(box.value);
}

function checkedFields() {
  return [...document.querySelectorAll('input[name=field]:checked')].map((box) => box.value);
}

function listOf(text) {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}
