// Validates the description of the read API, and its answers by that description. Needs Node alone; `tests/it/machines_valid.rs`
// starts the program.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Validator } from '@seriousme/openapi-schema-validator';
import Ajv from 'ajv/dist/2020.js';
import formats from 'ajv-formats';

const origin = process.env.PLINTH_URL;

async function read(path, kind) {
  const reply = await fetch(new URL(path, origin), { redirect: 'manual' });
  assert.equal(reply.status, 200, path);
  assert.ok(reply.headers.get('content-type').startsWith(kind), `${path}: ${reply.headers.get('content-type')}`);
  return reply.text();
}

test('the description of the API is valid, and so is every answer by it', async () => {
  const description = JSON.parse(await read('/api/v1/openapi.json', 'application/json'));
  const { valid: isValid, errors } = await new Validator().validate(structuredClone(description));
  assert.ok(isValid, JSON.stringify(errors));
  const ajv = new Ajv.default({ strict: false, allErrors: true });
  formats.default(ajv);
  ajv.addSchema({ $id: 'api', components: description.components });
  const fits = (value, schema, path) => {
    const check = ajv.getSchema(`api#/components/schemas/${schema}`);
    assert.ok(check(value), `${path}: ${JSON.stringify(check.errors)}`);
    return value;
  };
  const answer = async (path, schema) => fits(JSON.parse(await read(path, 'application/json')), schema, path);
  await answer('/api/v1/version', 'Version');
  const found = new Set();
  for (let next = '/api/v1/documents?limit=60'; next !== null;) {
    const { documents, next: behind } = await answer(next, 'Documents');
    documents.forEach((row) => found.add(row.document));
    next = behind;
  }
  assert.ok(found.size > 100, `${found.size}`);
  for (const address of found) await answer(new URL(address).pathname, 'Document');
  for (let tries = 0; ; tries += 1) {
    const reply = await fetch(new URL('/api/v1/search?q=audit', origin));
    if (reply.status === 200) { fits(await reply.json(), 'Results', 'search'); break; }
    // Until there is an index.
    assert.ok(reply.status === 503 && tries < 100, `${reply.status}`);
    await new Promise((resolve) => { setTimeout(resolve, 200); });
  }
  const missing = await fetch(new URL('/api/v1/documents/nowhere', origin));
  assert.equal(missing.status, 404);
  fits(await missing.json(), 'Problem', 'nowhere');
});
