"use strict";
// Pools as building/meta_analysis.py and building/random_effects.py make them, which say what each step is and where it is from. The tests
// hold every pool against theirs. It is the one thing that is reckoned twice, since no rule of SPARQL can do it.
window.k2graphPools = (() => {
  const sum = (numbers) => numbers.reduce((one, other) => one + other, 0);
  const mean = (numbers) => sum(numbers) / numbers.length;
  const group = (things, key) => {
    const found = new Map();
    for (const each of things) {
      const its = key(each);
      if (found.has(its)) found.get(its).push(each); else found.set(its, [each]);
    }
    return found;
  };

  // The number beyond which a t-distribution of whole degrees of freedom has `level` at both ends together. Of these the share between has
  // a closed form (Abramowitz and Stegun 26.7.3 and 26.7.4), which is halved towards.
  const between = (angle, freedom) => {
    const sine = Math.sin(angle), cosine = Math.cos(angle);
    let term = freedom % 2 ? cosine : 1, total = freedom === 1 ? 0 : term;
    for (let place = freedom % 2 ? 2 : 1; place <= freedom - 3; place += 2) {
      term *= place / (place + 1) * cosine * cosine;
      total += term;
    }
    return freedom % 2 ? (2 / Math.PI) * (angle + sine * total) : sine * total;
  };
  const tBeyond = (level, freedom) => {
    let low = 0, high = Math.PI / 2;
    for (let step = 0; step < 100; step += 1) {
      const middle = (low + high) / 2;
      if (between(middle, freedom) < 1 - level) low = middle; else high = middle;
    }
    return Math.sqrt(freedom) * Math.tan((low + high) / 2);
  };

  const betweenStudies = (values, variances) => {
    const spread = (tau) => {
      const weights = variances.map((each) => 1 / (each + tau)), total = sum(weights);
      const middle = sum(weights.map((weight, place) => weight * values[place])) / total;
      return [weights, total, values.map((each) => each - middle)];
    };
    const slope = (tau) => {
      const [weights, total, residuals] = spread(tau);
      return sum(weights.map((weight, place) => (weight * residuals[place]) ** 2)) - total + sum(weights.map((each) => each * each)) / total;
    };
    const likelihood = (tau) => {
      const [weights, total, residuals] = spread(tau);
      return (sum(weights.map(Math.log)) - Math.log(total) - sum(weights.map((weight, place) => weight * residuals[place] ** 2))) / 2;
    };
    const smallest = 1e-6 * Math.min(...variances);
    const largest = 100 * Math.max((Math.max(...values) - Math.min(...values)) ** 2, ...variances);
    const grid = [0, ...Array.from({ length: 400 }, (_, place) => smallest * (largest / smallest) ** (place / 399))];
    const slopes = grid.map(slope);
    let best = 0;
    for (let place = 0; place < 400; place += 1) {
      if (!(slopes[place] > 0 && slopes[place + 1] <= 0)) continue;
      let low = grid[place], high = grid[place + 1];
      for (let step = 0; step < 200 && low < high; step += 1) {
        const middle = (low + high) / 2;
        if (middle === low || middle === high) break;
        if (slope(middle) > 0) low = middle; else high = middle;
      }
      if (likelihood(high) > likelihood(best)) best = high;
    }
    return best;
  };

  const pool = (effects, z, level = 0.05) => {
    const values = effects.map((each) => each.estimate), variances = effects.map((each) => each.error ** 2);
    const freedom = effects.length - 1, within = variances.map((each) => 1 / each);
    const fit = (weights) => {
      const total = sum(weights), estimate = sum(weights.map((weight, place) => weight * values[place])) / total;
      return [estimate, total, sum(weights.map((weight, place) => weight * (values[place] - estimate) ** 2))];
    };
    const typical = freedom * sum(within) / (sum(within) ** 2 - sum(within.map((each) => each * each)));
    const tauSquared = betweenStudies(values, variances), weights = variances.map((each) => 1 / (each + tauSquared));
    const [estimate, total, squares] = fit(weights), error = Math.sqrt(squares / freedom / total), t = tBeyond(level, freedom);
    const half = t * Math.hypot(error, Math.sqrt(tauSquared));
    return {
      estimate, low: estimate - t * error, high: estimate + t * error, predictionLow: estimate - half, predictionHigh: estimate + half,
      tauSquared, iSquared: tauSquared / (tauSquared + typical), q: fit(within)[2], weights: weights.map((each) => each / total),
      isNarrow: 2 * t * error < 2 * z / Math.sqrt(total),
    };
  };

  // building/effect_sizes.py
  const fromInterval = (value, low, high, ratio, z) => {
    if (ratio && Math.min(value, low, high) <= 0) return null;
    const [middle, from, to] = ratio ? [value, low, high].map(Math.log) : [value, low, high];
    return to > from ? { estimate: middle, error: (to - from) / (2 * z) } : null;
  };
  const cells = (one, other) => {
    const a = one.events, c = other.events, b = one.n - a, d = other.n - c;
    if (Math.min(b, d) < 0 || !(a || c) || !(b || d)) return null;
    return a && b && c && d ? [a, b, c, d] : [a + 0.5, b + 0.5, c + 0.5, d + 0.5];
  };
  const ofEvents = {
    "measure-risk-ratio": ([a, b, c, d]) => [Math.log(a / (a + b) / (c / (c + d))), Math.sqrt(1 / a - 1 / (a + b) + 1 / c - 1 / (c + d))],
    "measure-odds-ratio": ([a, b, c, d]) => [Math.log(a * d / (b * c)), Math.sqrt(1 / a + 1 / b + 1 / c + 1 / d)],
    "measure-risk-difference": ([a, b, c, d], one, other) => [
      one.events / one.n - other.events / other.n, Math.sqrt(a * b / (a + b) ** 3 + c * d / (c + d) ** 3),
    ],
  };
  const effectOfArms = (one, other, measure) => {
    const name = measure.split("#").pop();
    let found = null;
    if ("events" in one && "events" in other) {
      const counted = cells(one, other);
      if (counted && Object.hasOwn(ofEvents, name)) found = ofEvents[name](counted, one, other);
    } else if ("mean" in one && "mean" in other && name === "measure-ratio-of-means") {
      if (Math.min(one.mean, other.mean) > 0) {
        const variance = (arm) => arm.deviation ** 2 / (arm.n * arm.mean ** 2);
        found = [Math.log(one.mean / other.mean), Math.sqrt(variance(one) + variance(other))];
      }
    } else if ("mean" in one && "mean" in other) {
      found = [one.mean - other.mean, Math.sqrt(one.deviation ** 2 / one.n + other.deviation ** 2 / other.n)];
    }
    return found && found[1] ? { estimate: found[0], error: found[1] } : null;
  };
  const armsTogether = (own) => {
    const [first] = own;
    if (!first.comparator || own.some((each) => each.comparator !== first.comparator)) return null;
    if (new Set(own.map((each) => each.arm)).size < own.length) return null;
    const exposed = own.map((each) => each.exposed);
    if (exposed.every((each) => "mean" in each)) {
      return { ...first, exposed: exposed.reduce((whole, arm) => {
        const n = whole.n + arm.n, squares = (whole.n - 1) * whole.deviation ** 2 + (arm.n - 1) * arm.deviation ** 2;
        const apart = whole.n * arm.n / n * (whole.mean - arm.mean) ** 2;
        return { n, mean: (whole.n * whole.mean + arm.n * arm.mean) / n, deviation: Math.sqrt((squares + apart) / (n - 1)) };
      }) };
    }
    if (!exposed.every((each) => "events" in each)) return null;
    return { ...first, exposed: { n: sum(exposed.map((each) => each.n)), events: sum(exposed.map((each) => each.events)) } };
  };

  const combined = (results, alike, arms) => {
    const findings = results.flatMap((each) => each.findings).sort();
    let effect = { estimate: mean(results.map((each) => each.effect.estimate)), error: mean(results.map((each) => each.effect.error)) };
    const own = findings.filter((each) => Object.hasOwn(arms, each)).map((each) => arms[each]);
    const sameUnit = new Set(results.map((each) => JSON.stringify(each.unit))).size === 1;
    const together = own.length === findings.length && sameUnit ? armsTogether(own) : null;
    const made = together && effectOfArms(together.exposed, together.compared, alike.measure);
    if (made) {
      const times = alike.ratio ? 1 : results[0].unit.times;
      effect = { estimate: made.estimate * times, error: made.error * times };
    }
    return { ...results[0], findings, effect, skewed: results.some((each) => each.skewed) };
  };
  const choose = (results, alike, arms) => {
    if (results.length === 1) return results[0];
    const first = Math.min(...results.map((each) => each.place));
    let left = results.filter((each) => each.place === first);
    if (left.length > 1) {
      const longest = Math.max(...left.map((each) => each.followUp));
      left = left.filter((each) => each.followUp === longest);
    }
    return left.length === 1 ? left[0] : combined(left, alike, arms);
  };

  // `rows` are those of the queries poolable-results and scales-that-turn: of each column its text, null where there is none.
  const resultsOf = (rows, turning, z) => {
    const found = [];
    for (const row of rows) {
      const ratio = row.ratio === "true" || row.ratio === "1";
      let own = { text: "", word: "", times: 1 }, unit = own;
      if (row.unit !== null && !ratio) own = unit = { text: row.unit, word: row.unit_term, times: 1 };
      if (row.times !== null && !ratio) {
        own = { ...own, times: Number(row.times) };
        unit = { text: row.base, word: row.base_term, times: 1 };
      }
      const effect = fromInterval(...[row.value, row.low, row.high].map((each) => Number(each) * own.times), ratio, z);
      if (!effect) continue;
      const alike = {
        outcome: row.object, measure: row.term, notation: row.measure, ratio, unit, contrast: row.contrast ?? "", site: row.site ?? "",
        turned: turning.has(row.scale) ? row.scale : "",
      };
      found.push({
        claim: row.claim, investigation: row.investigation, alike, key: JSON.stringify(alike), findings: [row.finding], effect,
        place: Number(row.place), followUp: row.follow_up === null ? -Infinity : Number(row.follow_up), unit: own,
        skewed: row.skewed !== null || row.estimate === row.finding,
      });
    }
    return found;
  };
  const oneMeasure = (groups, parameters) => {
    const kept = new Map(groups), place = (alike) => JSON.stringify([alike.outcome, alike.contrast, alike.site, alike.turned]);
    for (const [key, { alike, speaking }] of groups) {
      if (alike.measure !== parameters.measure_of_skewed) continue;
      if (![...speaking.values()].some((each) => each.skewed)) { kept.delete(key); continue; }
      for (const [other, those] of groups) {
        if (those.alike.measure !== parameters.measure_of_amounts || place(those.alike) !== place(alike)) continue;
        kept.set(other, { alike: those.alike, speaking: new Map([...those.speaking].filter(([each]) => !speaking.has(each))) });
      }
    }
    return kept;
  };

  // As a decimal without an exponent, with so many significant digits; what lies half way goes to the even one.
  const decimal = (number, digits) => {
    if (!number) return "0";
    let [text, power] = Math.abs(number).toExponential(digits - 1).split("e");
    const exact = Math.abs(number).toExponential(60).split("e")[0].replace(".", "");
    if (/^50*$/.test(exact.slice(digits)) && Number(exact[digits - 1]) % 2 === 0) text = `${exact[0]}.${exact.slice(1, digits)}`;
    const rounded = Number(`${text}e${power}`).toFixed(Math.min(100, Math.max(0, digits - 1 - Number(power))));
    return (number < 0 ? "-" : "") + (rounded.includes(".") ? rounded.replace(/\.?0+$/, "") : rounded);
  };

  // A key as the last part of an address, as iris.py makes it.
  const slug = (key, sha256) => {
    const strip = (text) => text.replace(/^[-.]+|[-.]+$/g, ""), text = strip(key.toLowerCase().replace(/[^a-z0-9.]+/g, "-"));
    return text.length <= 60 ? text : `${strip(text.slice(0, 40))}-${sha256(key).slice(0, 8)}`;
  };

  // All pools of a graph: each with its name, its numbers as they are kept, those of `pool` as they are, and the claims that it serves.
  const made = (rows, turning, { arms, parameters, smallest, sha256 }) => {
    const pools = new Map();
    for (const [claim, ofClaim] of group(resultsOf(rows, turning, parameters.z), (each) => each.claim)) {
      const groups = new Map();
      for (const [key, found] of group(ofClaim, (each) => each.key)) {
        const [{ alike }] = found, speaking = [...group(found, (each) => each.investigation)].sort(([one], [other]) => (one < other ? -1 : 1));
        groups.set(key, { alike, speaking: new Map(speaking.map(([each, results]) => [each, choose(results, alike, arms)])) });
      }
      for (const [key, { alike, speaking }] of oneMeasure(groups, parameters)) {
        if (speaking.size < smallest) continue;
        const members = [...speaking], same = JSON.stringify([key, members.map(([each, { findings, effect }]) => [each, findings, effect])]);
        if (!pools.has(same)) pools.set(same, { alike, members, claims: [] });
        pools.get(same).claims.push(claim);
      }
    }
    return [...pools.values()].map(({ alike, members, claims }) => {
      const results = members.map(([, result]) => result), pooled = pool(results.map((each) => each.effect), parameters.z);
      const findings = results.flatMap((each) => each.findings).sort();
      const parts = [alike.notation, alike.unit.text, alike.contrast, alike.site, alike.turned, ...findings];
      const units = new Set(results.map((each) => JSON.stringify(each.unit))), unit = units.size === 1 ? results[0].unit : alike.unit;
      const back = (number) => (alike.ratio ? Math.exp(number) : number / unit.times), scale = alike.ratio ? 1 : unit.times;
      const exact = {
        value: back(pooled.estimate), ciLow: back(pooled.low), ciHigh: back(pooled.high), predictionLow: back(pooled.predictionLow),
        predictionHigh: back(pooled.predictionHigh), tauSquared: pooled.tauSquared / scale ** 2, iSquared: pooled.iSquared, cochranQ: pooled.q,
      };
      const small = 1e-9 * Math.max(...Object.values(exact).map(Math.abs));
      const numbers = Object.fromEntries(Object.entries(exact).map(([name, each]) => [name, decimal(Math.abs(each) > small ? each : 0, 5)]));
      const outcome = alike.outcome.split("/"), base = outcome.slice(0, -2).join("/");
      const name = `${base}/pooled/${slug(`${outcome.at(-1)}--${sha256(parts.join(" ")).slice(0, 8)}`, sha256)}`;
      return { name, alike, unit, claims, findings, exact, numbers, isNarrow: pooled.isNarrow, trials: members.length };
    });
  };

  return { pool, tBeyond, decimal, made };
})();
