"use strict";
// The section in which a claim, or all claims of a mechanism, are recounted. Nothing is loaded before somebody opens it. What is set
// stands behind the # of the address; what follows stands beside what the build says, marked where it is another.
(() => {
  const place = document.querySelector("details[data-recount]");
  if (!place) return;
  const take = window.k2graphTake, root = document.body.dataset.root, thing = place.dataset.recount, isClaim = place.dataset.kind === "claim";
  const body = place.querySelector("[data-recount-body]");

  // Text alone comes from data; all of it is put in as text.
  const el = (name, attributes = {}, ...content) => {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
      if (key in made && typeof value !== "string") made[key] = value; else if (value !== null) made.setAttribute(key, value);
    }
    made.append(...content.flat().filter((each) => each !== null && each !== ""));
    return made;
  };
  const load = (name) => new Promise((done, failed) => {
    const script = el("script", { src: `${root}assets/${name}` });
    script.onload = () => done();
    script.onerror = () => failed(new Error(`${name} is not there`));
    document.head.append(script);
  });
  const last = (address) => address.slice(Math.max(address.lastIndexOf("/"), address.lastIndexOf("#")) + 1);
  const many = (number, one, more = `${one}s`) => `${number} ${number === 1 ? one : more}`;

  let known = null, engine = null, base = null, form = null;
  const begin = async () => {
    await Promise.all(place.dataset.loads.split(" ").map(load));
    engine = window.k2graphRecounting;
    known = await engine.begin();
    const mechanisms = isClaim ? Object.keys(known.mechanisms).filter((each) => known.mechanisms[each].claims.includes(thing)) : [thing];
    const claims = isClaim ? [thing] : known.mechanisms[thing].claims;
    base = { claims, mechanisms };
    const found = await engine.follow(claims, isClaim ? [] : mechanisms, engine.asBuilt);
    const others = "what this page says does not follow by the rules that came with it; the graph was built by others";
    if (!engine.isAsBuilt(found.store, claims)) throw new Error(others);
    base.names = new Map(claims.map((claim) => [claim, engine.rows(found.store, "label", { thing: engine.iri(claim) })[0]?.label]));
    base.told = describe(found, claims, isClaim ? [] : mechanisms);
    if (!areAsBuilt(base.told.mechanisms)) throw new Error(others);
    base.scenarios = known.scenarios.flatMap((each) => engine.ofEach(found.store, each)).map((each) => ({ ...each, known: ofKnown(found.store, each) }));
    base.differences = differencesOf(found.store);
    base.findings = findingsOf();
    build();
    read();
  };

  const areAsBuilt = (mechanisms) => [...mechanisms].every(([name, each]) => (each?.verdict ?? "") === known.mechanisms[name].verdict);

  // What stands in a store of a claim, of its findings and pools, and of a mechanism, in words.
  const describe = ({ store, pools }, claims, mechanisms) => ({
    claims: new Map(claims.map((claim) => {
      const asked = { claim: engine.iri(claim) }, [stands] = engine.rows(store, "how-a-claim-stands", asked);
      const findings = new Map();
      for (const row of engine.rows(store, "what-each-finding-says", asked)) {
        if (!findings.has(row.finding)) findings.set(row.finding, { ...row, reasons: [] });
        if (row.reason) findings.get(row.finding).reasons.push(row.reason);
      }
      return [claim, {
        ...stands, findings, steps: engine.rows(store, "certainty-of-claim", asked),
        pools: pools.filter((pool) => pool.claims.includes(claim)),
      }];
    })),
    mechanisms: new Map(mechanisms.map((each) => [each, engine.rows(store, "how-a-mechanism-stands", { mechanism: engine.iri(each) })[0] ?? null])),
  });
  // Of how many studies that by which a scenario goes is known; null where it goes by what is always known.
  const ofKnown = (store, scenario) => {
    if (!scenario.goesBy) return null;
    const studies = new Map(base.claims.flatMap((claim) =>
      engine.rows(store, "studies-that-tell", { claim: engine.iri(claim), property: scenario.goesBy }).map((row) => [row.study, row.known !== "0"])));
    return { studies: studies.size, told: [...studies.values()].filter(Boolean).length };
  };
  const differencesOf = (store) => {
    const found = new Map();
    for (const row of base.claims.flatMap((claim) => engine.rows(store, "differences-by-which-a-claim-is-read", { claim: engine.iri(claim) }))) {
      const key = `${last(row.of)}.${last(row.property)}`, measures = new Set([...(found.get(key)?.measures ?? []), row.measure]);
      found.set(key, { ...row, measures, isWhole: false, least: 0 });
    }
    return [...found.values()].map((row) => ({
      ...row, isAmount: true,
      label: row.outcome ? `${row.outcome}, ${[...row.measures].join(", ")}${row.unit ? `, ${row.unit}` : ""}` : `${[...row.measures].join(", ")}: ${row.label}`,
    }));
  };
  const findingsOf = () => {
    const found = new Map();
    for (const { findings } of base.told.claims.values()) for (const [name, each] of findings) found.set(name, each);
    return found;
  };
  const cited = (finding) => [finding.author ?? finding.label ?? last(finding.study), finding.year].filter(Boolean).join(" ");

  // The form
  const keyOf = (each) => `${last(each.of)}.${last(each.property)}`;
  const inputs = { numbers: new Map(), scenarios: new Map(), findings: new Map() };
  const numberField = (each) => {
    const isShare = !each.isWhole && !each.isAmount, key = keyOf(each);
    const input = el("input", {
      type: "number", id: `recount-${key}`, min: String(each.least), max: isShare ? "1" : null, inputmode: "decimal", step: each.isWhole ? "1" : "any",
      "data-built": each.number, required: true,
    });
    input.value = each.number;
    inputs.numbers.set(key, { ...each, input, isShare });
    return el("div", {}, el("label", { for: input.id }, each.label), input, each.about ? el("small", {}, each.about) : "");
  };
  const group = (title, fields, note = "") => (fields.length ? [el("fieldset", {}, el("legend", {}, title), note ? el("p", { class: "soft" }, note) : "", ...fields)] : []);
  const scenarioField = (each) => {
    const isUnknown = each.known !== null && each.known.told === 0 && each.known.studies > 0;
    const input = el("input", { type: "checkbox", id: `recount-${each.name}`, disabled: isUnknown });
    inputs.scenarios.set(each.name, { ...each, input });
    const told = each.known === null ? "" : isUnknown ? "not known of any study" : `known of ${each.known.told} of ${many(each.known.studies, "study", "studies")}`;
    return el("div", { class: "check", title: each.description }, input, el("label", { for: input.id }, each.title, told ? el("small", {}, told) : ""));
  };
  const findingField = ([name, finding]) => {
    const input = el("input", { type: "checkbox", id: `recount-${last(name)}` }), state = el("small", { class: "state" });
    inputs.findings.set(name, { input, state });
    return el("li", { class: "check" }, input, el("div", {}, el("label", { for: input.id }, cited(finding)), " ", state, el("small", { class: "reported" }, finding.reported ?? "")));
  };
  const studyField = (claim) => {
    const studies = new Map();
    for (const entry of base.told.claims.get(claim).findings) {
      if (inputs.findings.has(entry[0])) continue;
      studies.set(entry[1].study, [...(studies.get(entry[1].study) ?? []), entry]);
    }
    return el("ul", { class: "leave-out" }, [...studies].flatMap(([study, entries]) => {
      const rows = entries.map(findingField);
      if (entries.length === 1) return rows;
      const whole = el("input", { type: "checkbox", id: `recount-all-${last(study)}-${wholes.length}`, "data-whole": "" });
      whole.addEventListener("change", () => { for (const [name] of entries) inputs.findings.get(name).input.checked = whole.checked; });
      const all = () => { whole.checked = entries.every(([name]) => inputs.findings.get(name).input.checked); };
      wholes.push(all);
      const label = `all ${entries.length} of ${entries[0][1].label ?? last(study)}`;
      return [el("li", {}, el("div", { class: "check" }, whole, el("label", { for: whole.id }, label)), el("ul", { class: "leave-out" }, rows))];
    }));
  };
  const wholes = [];
  const standing = ({ result, tier, standing: label }) => {
    const [look, icon] = known.looks[result] ?? ["", "•"];
    return el("span", { class: `standing ${look}` }, el("span", { class: "icon", "aria-hidden": "true" }, icon), label, el("span", { class: "tier", "aria-hidden": "true" }, known.looks[tier]?.[1] ?? ""));
  };

  let results = null, status = null, summaries = new Map();
  const build = () => {
    results = el("dl", { class: "recounted", "aria-busy": "true" });
    status = el("p", { role: "status", "aria-live": "polite" });
    const reset = el("button", { type: "reset" }, "Back to as built"), link = el("button", { type: "button" }, "Copy link to this");
    link.addEventListener("click", async () => { await take.copy(location.href); take.did(link, "Copied"); });
    const fields = (kinds) => known.numbers.filter((each) => kinds.includes(last(each.of))).map(numberField);
    const thresholds = group("Thresholds of a result", fields(["thresholds", "pooling"]));
    const others = known.numbers.filter((each) => !inputs.numbers.has(keyOf(each))).map(numberField);
    const certainty = el("details", {}, el("summary", {}, "Numbers by which certainty is lowered"), ...group("Certainty", others));
    const matters = group("What matters", base.differences.map(numberField), "The smallest difference that matters, in the measure and unit named. It may also be halved or doubled as a whole, under what counts.");
    const counts = group("What counts", base.scenarios.map(scenarioField));
    const out = base.claims.map((claim) => [claim, studyField(claim)]).filter(([, list]) => list.children.length);
    const leave = group("Leave out", isClaim ? out.map(([, list]) => list) : out.map(([claim, list]) =>
      el("details", {}, el("summary", {}, `${many(list.querySelectorAll("[data-whole]").length ? list.querySelectorAll("li.check").length : list.children.length, "result")}: ${nameOf(claim)}`), list)));
    form = el("form", { class: "recounting" }, ...thresholds, ...counts, ...matters, certainty, ...leave);
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("input", () => { later(); });
    form.addEventListener("change", () => { later(); });
    reset.addEventListener("click", () => { write({ numbers: new Map(), scenarios: [], leftOut: [] }); later(0); });
    body.replaceChildren(status, el("div", { class: "outcome" }, results, el("p", { class: "actions" }, reset, " ", link)), form);
  };
  const nameOf = (claim) => base.names.get(claim) ?? last(claim);

  // What is set, in the form and in the address
  // What matters is above zero, as in the tables.
  const isNumber = (each, text) => /^-?\d{1,9}(\.\d{1,9})?$/.test(text) && (each.isAmount ? Number(text) > 0 : Number(text) >= each.least)
    && (!each.isShare || Number(text) <= 1) && (!each.isWhole || /^\d+$/.test(text));
  // The number that a number has to lie below or above, and does not, by what the shapes say of the two.
  const crossed = (key) => {
    for (const [low, high] of known.below) {
      const pair = [low, high].map((each) => inputs.numbers.get(each));
      if ((key === low || key === high) && pair.every(Boolean) && Number(pair[0].input.value) >= Number(pair[1].input.value)) {
        return key === low ? `below ${pair[1].label}` : `above ${pair[0].label}`;
      }
    }
    return "";
  };
  const isTaken = (key, each) => isNumber(each, each.input.value) && !crossed(key);
  let strange = "";
  const read = () => {
    const given = take.state(), names = (text) => (text ?? "").split(",").filter(Boolean), { tried, out, ...others } = given;
    const numbers = new Map([...inputs.numbers].filter(([key, each]) => isNumber(each, given[key] ?? "")).map(([key]) => [key, given[key]]));
    // A finding of a pack with a base of its own stands with all of its address.
    const whole = (each) => (each.includes("://") ? each : known.base + each), isFinding = (each) => inputs.findings.has(whole(each));
    const isScenario = (each) => inputs.scenarios.has(each) && !inputs.scenarios.get(each).input.disabled;
    // Who follows a link learns what of it is not set here, and is not left to take another count for the sender's.
    const unknown = [...Object.keys(others).filter((key) => !numbers.has(key)), ...names(tried).filter((each) => !isScenario(each)), ...names(out).filter((each) => !isFinding(each))];
    const shown = unknown.slice(0, 3).map((each) => (each.length > 40 ? `${each.slice(0, 40)}…` : each));
    strange = unknown.length && location.hash.includes("=") ? ` Of the address this was not understood, and left out: ${shown.join(", ")}${unknown.length > 3 ? " and more" : ""}.` : "";
    write({ numbers, scenarios: names(tried).filter(isScenario), leftOut: names(out).filter(isFinding).map(whole) });
    recount();
  };
  const write = ({ numbers, scenarios, leftOut }) => {
    for (const [key, { input, number }] of inputs.numbers) input.value = numbers.get(key) ?? number;
    for (const [name, { input }] of inputs.scenarios) input.checked = scenarios.includes(name);
    for (const [name, { input }] of inputs.findings) input.checked = leftOut.includes(name);
  };
  const settings = () => ({
    numbers: [...inputs.numbers].filter(([key, each]) => Number(each.input.value) !== Number(each.number) && isTaken(key, each))
      .map(([, { of, property, input }]) => ({ of, property, number: input.value })),
    scenarios: [...inputs.scenarios.values()].filter(({ input }) => input.checked),
    leftOut: [...inputs.findings].filter(([, { input }]) => input.checked).map(([name]) => name),
  });
  const isAny = (set) => set.numbers.length + set.scenarios.length + set.leftOut.length > 0;
  const keep = (set) => {
    const values = Object.fromEntries(set.numbers.map((each) => [keyOf(each), each.number]));
    const wanted = { ...values, tried: set.scenarios.map((each) => each.name).join(","), out: set.leftOut.map((each) => each.replace(known.base, "")).join(",") };
    if (isAny(set) || location.hash.includes("=")) take.keep(wanted);
  };
  let waiting = 0;
  const later = (time = 200) => {
    strange = "";
    clearTimeout(waiting);
    waiting = setTimeout(() => { recount(); }, time);
  };

  // One recount after the other: what is set in the meantime makes the one under way stale.
  let current = 0;
  const recount = async () => {
    current += 1;
    const own = current, isStale = () => own !== current, set = settings();
    for (const [key, each] of inputs.numbers) {
      const range = each.isShare ? "a number from 0 to 1" : each.isAmount ? "a number above 0" : `a ${each.isWhole ? "whole " : ""}number from ${each.least} on`;
      const kind = isNumber(each, each.input.value) ? `a number ${crossed(key)}` : `${range}, with at most nine digits on either side of its point`;
      each.input.setCustomValidity(isTaken(key, each) ? "" : `This takes ${kind}; until then it stays at ${each.number}.`);
      if (each.input === document.activeElement) each.input.reportValidity();
      each.input.classList.toggle("changed", Number(each.input.value) !== Number(each.number) && isTaken(key, each));
    }
    for (const each of wholes) each();
    keep(set);
    results.setAttribute("aria-busy", "true");
    try {
      const begun = performance.now();
      const found = isAny(set) ? await engine.follow(base.claims, isClaim ? [] : base.mechanisms, set, isStale) : null;
      if (isStale()) return;
      const now = found ? describe(found, base.claims, isClaim ? [] : base.mechanisms) : base.told;
      show(now, set);
      results.dataset.took = String(Math.round(performance.now() - begun));
      if (isClaim && base.mechanisms.length) await chains(set, isStale);
      if (!isStale()) results.setAttribute("aria-busy", "false");
    } catch (error) {
      if (!isStale()) fail(error);
    }
  };

  // The mechanisms that need the claim, of all of whose claims the same is recounted.
  const chains = async (set, isStale) => {
    const claims = [...new Set(base.mechanisms.flatMap((each) => known.mechanisms[each].claims))];
    if (!base.chains) {
      const found = await engine.follow(claims, base.mechanisms, engine.asBuilt, isStale);
      if (!found) return;
      base.chains = describe(found, [], base.mechanisms).mechanisms;
    }
    if (!areAsBuilt(base.chains)) {
      results.querySelector("[data-chains]").replaceChildren(...row("Needed by", "", "", ["chains that cannot be recounted here: they were built by other rules"]));
      return;
    }
    const found = isAny(set) ? await engine.follow(claims, base.mechanisms, set, isStale) : null;
    if (isStale()) return;
    const now = found ? describe(found, [], base.mechanisms).mechanisms : base.chains;
    results.querySelector("[data-chains]").replaceWith(...mechanismRows(now, base.chains));
  };

  // What follows
  const row = (label, now, built, shown = [now ?? "nothing"]) => {
    const isOther = now !== built;
    return [el("dt", {}, label), el("dd", isOther ? { class: "changed" } : {}, shown, isOther ? el("small", {}, el("strong", {}, "changed"), `, as built: ${built || "nothing"}`) : "")];
  };
  const mechanismText = (each) => each && [each.verdict, each.reaches && `shown to reach ${each.reaches}`, each.stops && `stops at ${each.stops}`, each.open && `left open at ${each.open}`].filter(Boolean).join("; ");
  const mechanismRows = (now, built) => [...now].flatMap(([name, each]) => {
    const { page } = known.mechanisms[name], label = each?.label ?? last(name);
    return row("Needed by", mechanismText(each), mechanismText(built.get(name)), [page ? el("a", { href: root + page + (location.hash.includes("=") ? location.hash : "") }, label) : label, ": ", mechanismText(each) ?? ""]);
  });
  const poolText = (pools) => pools.map((pool) => {
    const number = (name) => Number(Number(pool.numbers[name]).toPrecision(3)), unit = pool.unit.text ? ` ${pool.unit.text}` : "";
    return `${last(pool.alike.outcome).replaceAll("-", " ")}, ${pool.alike.notation}: ${number("value")} (${number("ciLow")} to ${number("ciHigh")})${unit}, ${many(pool.trials, "trial")}, I² ${Math.round(100 * pool.numbers.iSquared)}%`;
  }).join("; ");
  const stepsText = (steps) => steps.map((each) => `${each.domain}: ${each.steps === "0" ? "no step" : `${each.steps} down`}, ${each.reason}`);
  const partText = (each) => `${each.says}, ${each.ground}; ${each.reasons.length ? `does not count: ${each.reasons.join("; ")}` : "counts"}`;
  const claimRows = (claim, now, built) => {
    const steps = stepsText(now.steps), before = stepsText(built.steps);
    return [
      ...row("Standing", now.standing, built.standing, [standing(now)]),
      ...row("Reached", now.method ?? "", built.method ?? ""),
      ...row("Certainty", now.certainty, built.certainty, [now.certainty, el("ul", {}, steps.map((text) => el("li", before.includes(text) ? {} : { class: "changed" }, text)))]),
      ...(now.pools.length || built.pools.length ? row("Pooled", poolText(now.pools), poolText(built.pools)) : []),
    ];
  };
  const parts = (now) => {
    let moved = 0, counting = 0;
    const counts = (claims, name) => [...claims.values()].some((each) => each.findings.has(name) && !each.findings.get(name).reasons.length);
    for (const [name, { state }] of inputs.findings) {
      const all = [...now.claims].filter(([, each]) => each.findings.has(name)).map(([claim, each]) => [partText(each.findings.get(name)), partText(base.told.claims.get(claim).findings.get(name))]);
      const gone = all.length === 0, isOther = gone || all.some(([one, other]) => one !== other);
      if (isOther) moved += 1;
      if (isOther && (counts(now.claims, name) || counts(base.told.claims, name))) counting += 1;
      const [text, before] = all.find(([one, other]) => one !== other) ?? all[0] ?? ["bears no longer on it", ""];
      state.replaceChildren(text, ...(isOther && before ? [el("strong", {}, " changed"), `, as built: ${before}`] : []));
      state.classList.toggle("changed", isOther);
    }
    return [moved, counting];
  };
  const show = (now, set) => {
    const [moved, counting] = parts(now);
    let changed = [];
    if (isClaim) {
      const one = now.claims.get(thing), built = base.told.claims.get(thing);
      results.replaceChildren(...claimRows(thing, one, built), ...(base.mechanisms.length ? [el("div", { "data-chains": "" })] : []));
      if (base.mechanisms.length) results.lastChild.replaceChildren(...row("Needed by", "", "", ["recounting …"]));
      changed = [["standing", "standing"], ["certainty", "certainty"]].filter(([name]) => one[name] !== built[name]).map(([name, label]) => `${label} is now ${one[name]}, as built ${built[name]}`);
    } else {
      results.replaceChildren(...[...now.mechanisms].flatMap(([name, each]) => {
        const built = base.told.mechanisms.get(name);
        return [["Verdict", "verdict"], ["Decided by", "decided"], ["Shown to reach", "reaches"], ["Translation stops at", "stops"], ["Left open at", "open"]]
          .flatMap(([label, key]) => row(label, each?.[key] ?? "nothing", built?.[key] ?? "nothing"));
      }), ...[...now.claims].flatMap(([claim, each]) => {
        const built = base.told.claims.get(claim), text = (one) => `${one.standing}, certainty ${one.certainty}`;
        return row(nameOf(claim), text(each), text(built), [standing(each), " ", el("small", {}, `certainty: ${each.certainty}`)]);
      }));
      const verdict = now.mechanisms.get(thing)?.verdict, built = base.told.mechanisms.get(thing)?.verdict;
      if (verdict !== built) changed.push(`the verdict is now: ${verdict}, as built: ${built}`);
      const others = [...now.claims].filter(([claim, each]) => each.standing !== base.told.claims.get(claim).standing).length;
      if (others) changed.push(`${many(others, "claim")} would stand otherwise`);
    }
    const wrong = [...inputs.numbers].filter(([key, each]) => !isTaken(key, each)).length;
    const others = `${moved ? `; ${many(moved, "result")} with another part, ${counting} of them counted or counts` : ""}`;
    status.textContent = (!isAny(set) ? "As built. Change something below to see what would follow." : `Recounted: ${changed.length ? changed.join("; ") : "all stands as built"}${others}.`)
      + (wrong ? ` ${many(wrong, "number")} cannot be taken.` : "") + strange;
  };

  const fail = (error) => {
    body.replaceChildren(el("p", { class: "warn", role: "alert" }, `Nothing can be recounted here: ${error.message ?? error}.`));
  };
  let begun = null;
  const open = () => {
    if (!place.open || begun) return;
    body.replaceChildren(el("p", { role: "status" }, "Loading the rules and what this rests on …"));
    begun = begin().catch(fail);
  };
  place.addEventListener("toggle", open);
  // Another place on the page is no setting.
  window.addEventListener("hashchange", () => { if (form && (location.hash === "" || location.hash.includes("="))) read(); });
  const { tried, out, ...others } = take.state();
  if (tried || out || Object.keys(others).some((each) => each.includes("."))) {
    place.open = true;
    place.scrollIntoView();
    open();
  }
})();
