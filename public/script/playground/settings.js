/** The settings of the form, as the API takes them. What is left at its default is not sent. */
import { element } from '../element.js';
import { fieldName } from '../format.js';

/** Checkboxes for the fields that this deployment knows, as its OpenAPI document says; the default is checked. */
export async function loadFields() {
  const document_ = await (await fetch('/openapi.json')).json();
  const names = document_.components.schemas.DescribeRequest.properties.fields.items.enum;
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
  const chosen = select.value;
  select.replaceChildren(
    element('option', { value: '' }, `${defaultModel} (default)`),
    ...data.filter(({ id }) => id !== defaultModel).map(({ id }) => element('option', { value: id }, id)),
  );
  select.value = chosen;
}

/** The settings as JSON, in the order in which the reference lists them. */
export function readSettings() {
  const value = (id) => document.getElementById(id).value.trim();
  const fields = [...document.querySelectorAll('input[name=field]:checked')].map((box) => box.value);
  const languages = value('languages')
    .split(',')
    .map((tag) => tag.trim())
    .filter((tag) => tag !== '');
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
