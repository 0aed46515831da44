"use strict";
// Recounting: the rules of the graph run once more, in Oxigraph, on the part of the graph that some claims rest on, after something was
// changed. Which rules, scenarios and queries there are, and the part, come with recount-data.js; nothing is decided here.
window.k2graphRecounting = (() => {
  let known = null;
  const bytes = (text) => {
    const letters = atob(text), made = new Uint8Array(letters.length);
    for (let place = 0; place < letters.length; place += 1) made[place] = letters.charCodeAt(place);
    return made;
  };
  const unpacked = (text) => new Response(new Blob([bytes(text)]).stream().pipeThrough(new DecompressionStream("gzip")));

  // What a page knows, once the engine is ready.
  let beginning = null;
  const begin = () => beginning ??= (async () => {
    const [program, data] = await Promise.all([unpacked(window.k2graphProgram).arrayBuffer(), unpacked(window.k2graphRecountData).json()]);
    window.k2graphOxigraph.initSync({ module: await WebAssembly.compile(program) });
    known = data;
    return known;
  })();

  // A query or an update asked of terms, in its lines of VALUES, as sparql/internal.py does it.
  const asked = (text, terms) => text.replace(/VALUES \?(\w+) \{[^}\n]*\} # an example/g, (line, name) => {
    if (!Object.hasOwn(terms, name)) throw new Error(`nothing is given for ${line}`);
    return `VALUES ?${name} { ${terms[name]} }`;
  });
  const iri = (address) => `<${address}>`;
  // Rows of a SELECT: of each column its text, null where there is none.
  const select = (store, query) => {
    const { head, results } = JSON.parse(store.query(query, { results_format: "json" }));
    return results.bindings.map((row) => Object.fromEntries(head.vars.map((name) => [name, row[name]?.value ?? null])));
  };
  const rows = (store, name, terms = {}) => select(store, asked(known.queries[name], terms));

  // Claims and mechanisms with what they rest on, as N-Triples.
  const part = (claims, mechanisms) => {
    const places = new Set([...claims.flatMap((each) => known.claims[each] ?? []), ...mechanisms.flatMap((each) => known.mechanisms[each].things)]);
    return [known.words, ...[...places].map((place) => known.things[place])].join("\n");
  };

  // Longer than this nothing else in a page waits, in milliseconds.
  const most = 50;
  const steps = () => {
    let last = performance.now();
    return async () => {
      if (performance.now() - last < most) return;
      await new Promise((done) => { setTimeout(done); });
      last = performance.now();
    };
  };

  const sha256 = (store, text) => {
    const literal = JSON.stringify(text).replace(/\\u([\da-f]{4})/g, "\\u$1");
    return select(store, `SELECT (SHA256(${literal}) AS ?sum) {}`)[0].sum;
  };
  const pooled = (store, smallest) => {
    if (!known.pooling) return [];
    const turning = new Set(rows(store, "scales-that-turn").map((row) => row.scale));
    const made = window.k2graphPools.made(rows(store, "poolable-results"), turning, {
      arms: known.arms, parameters: known.pooling, smallest, sha256: (text) => sha256(store, text),
    });
    const ours = (name) => iri(`${known.base}ontology#${name}`), of = (type) => iri(`http://www.w3.org/2001/XMLSchema#${type}`);
    const lines = made.flatMap((pool) => [
      ["http://www.w3.org/1999/02/22-rdf-syntax-ns#type", `${known.base}ontology#PooledEstimate`].map(iri),
      ...pool.claims.map((claim) => [ours("claim"), iri(claim)]), ...pool.findings.map((finding) => [ours("finding"), iri(finding)]),
      [ours("outcome"), iri(pool.alike.outcome)], [ours("measureTerm"), iri(pool.alike.measure)],
      ...(pool.unit.word ? [[ours("unitTerm"), iri(pool.unit.word)]] : []), ...(pool.alike.turned ? [[ours("scale"), iri(pool.alike.turned)]] : []),
      ...Object.entries(pool.numbers).map(([name, number]) => [ours(name), `"${number}"^^${of("decimal")}`]),
      [ours("isNarrow"), `"${pool.isNarrow}"^^${of("boolean")}`], [ours("investigations"), `"${pool.trials}"^^${of("integer")}`],
    ].map(([property, value]) => `${iri(pool.name)} ${property} ${value} .`));
    store.load(lines.join("\n"), { format: "application/n-triples" });
    return made;
  };

  // What follows of some claims and mechanisms under settings: `numbers`, each of what, property and number; `scenarios`, as the data have
  // them, with what `each` found written in; `leftOut`, addresses of findings. As building/sensitivity.py does it: what changes results
  // before any rule, what changes what counts before the rules that say so. Null where `isStale` says that nobody waits for it any more.
  const follow = async (claims, mechanisms, settings, isStale = () => false) => {
    const store = new window.k2graphOxigraph.Store(), pause = steps();
    // A build has checked what stands there.
    store.load(part(claims, mechanisms), { format: "application/n-triples", no_transaction: true, lenient: true });
    const without = new Set(settings.scenarios.flatMap((each) => each.without));
    const change = (kind) => settings.scenarios.filter((each) => each.changes === kind && each.update).forEach((each) => store.update(each.update));
    let smallest = Number(known.numbers.find((each) => each.property.endsWith("#smallestPool"))?.number ?? 3), pools = [];
    change("reading");
    for (const { of, property, number } of settings.numbers) {
      store.update(asked(known.queries["another-number"], { of: iri(of), property: iri(property), number }));
      if (property.endsWith("#smallestPool")) smallest = Number(number);
    }
    for (const [kind, rules] of [["", known.reading], ["counting", known.counting]]) {
      if (kind) change(kind);
      if (kind && settings.leftOut.length) {
        store.update(asked(known.queries["findings-left-out"], { finding: settings.leftOut.map(iri).join(" ") }));
      }
      for (const [name, update] of rules) {
        if (kind && name === known.pooled) pools = pooled(store, smallest);
        if (!without.has(name)) store.update(update);
        await pause();
        if (isStale()) return null;
      }
    }
    return { store, pools };
  };

  const asBuilt = { numbers: [], scenarios: [], leftOut: [] };
  const isAsBuilt = (store, claims) => claims.every((claim) => {
    const [row] = rows(store, "how-a-claim-stands", { claim: iri(claim) });
    return row && ["standing", "method", "certainty"].every((name, place) => (row[name] ?? "") === known.built[claim]?.[place]);
  });
  // A scenario once for each thing that it is to be tried with, as building/scenarios.py does it.
  const ofEach = (store, scenario) => {
    if (!scenario.each) return [scenario];
    return select(store, scenario.each).map((row) => {
      const [[variable, thing], [, label]] = Object.entries(row);
      return {
        ...scenario, name: `${scenario.name}--${thing.slice(thing.lastIndexOf("/") + 1)}`, title: scenario.title.replace("{label}", () => label),
        update: asked(scenario.update, { [variable]: iri(thing) }),
      };
    });
  };
  return { begin, follow, rows, asBuilt, isAsBuilt, ofEach, iri };
})();
