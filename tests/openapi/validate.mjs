// The description of pfSense-API v1, as the program prints it: is it OpenAPI 3.1, and does it hold together?
//
// usage: node tests/openapi/validate.mjs DRAWBRIDGED
import { execFileSync } from "node:child_process";
import assert from "node:assert/strict";

let Validator, Ajv, parse;
try {
  ({ Validator } = await import("@seriousme/openapi-schema-validator"));
  ({ parse } = await import("yaml"));
  ({ default: Ajv } = await import("ajv/dist/2020.js"));
} catch (error) {
  console.log(`SKIPPED: node_modules is missing (script/bootstrap installs it): ${error.message}`);
  process.exit(77);
}

const text = execFileSync(process.argv[2], ["--openapi"], { encoding: "utf8", maxBuffer: 1 << 26 });
const validate = async (document) => (await new Validator().validate(document)).valid;
const fresh = () => JSON.parse(text);
const document = fresh();

// The validator itself: what is wrong must be refused.
const broken = fresh();
delete broken.info.title;
assert.equal(await validate(broken), false, "a document without a title passes");
const wrong = fresh();
wrong.paths["/firewall/alias"].post.responses = [];
assert.equal(await validate(wrong), false, "a list of responses passes");

const result = await new Validator().validate(fresh());
assert.ok(result.valid, JSON.stringify(result.errors, null, 1));
assert.equal(document.openapi, "3.1.0");

// JSON.parse() takes the last of two members with the same name; other readers take neither.
assert.throws(() => parse('{"a": 1, "a": 2}'));
assert.deepEqual(parse(text), document);

// All but what only other boxes ask.
const operations = Object.entries(document.paths).flatMap(([url, verbs]) =>
  Object.entries(verbs).map(([verb, operation]) => ({ url, verb, operation })));
assert.equal(Object.keys(document.paths).length, 125);
assert.equal(operations.length, 248);
assert.ok(!document.paths["/system/api/sync"]);
assert.equal(new Set(operations.map(({ operation }) => operation.operationId)).size, 248);

// Every schema means something, and takes what it should.
const ajv = new Ajv({ strict: true, allErrors: true, allowUnionTypes: true });
const bodies = new Map();
for (const { url, verb, operation } of operations) {
  const schema = operation.requestBody?.content["application/json"].schema;
  if (schema) bodies.set(`${verb} ${url}`, ajv.compile(schema));
  for (const parameter of operation.parameters ?? []) ajv.compile(parameter.schema);
}
assert.ok(bodies.size > 100, `${bodies.size} bodies`);
const alias = bodies.get("post /firewall/alias");
assert.ok(alias({ name: "a", type: "host", address: ["192.0.2.1"] }));
assert.ok(alias({ name: "a", type: "host", address: "192.0.2.1" }), "one address alone");
assert.ok(!alias({ name: "a", type: "host" }), "no address");
assert.ok(!alias({ name: "a", type: "hosts", address: [] }), "no such type");
const settings = bodies.get("put /system/api");
assert.ok(settings({ jwt_exp: 300, keybytes: 32 }));
assert.ok(!settings({ jwt_exp: 299 }));
assert.ok(!settings({ keybytes: 17 }));

console.log(`${operations.length} operations, ${bodies.size} bodies`);
