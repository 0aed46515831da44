"use strict";
// Where boxes and lines lie when only some of them are left: in the lanes and in the order within columns that the plan made in Python gives,
// as near to each other as the distances allow. Columns without a box go. The same choice gives the same picture. It touches no page.
window.k2graphLay = (() => {
  // As in routed/plan.py and layout.py.
  const BETWEEN = 16, GAP = 40, A_LINE = 1.4, LANE = 22, PORT = 8, MARGIN = 16, HEAD = 34, PASSING = 25, SWEEPS = 12, STRAIGHT = 4, LOOSE = 0.1;

  // The places nearest to those wanted, by least squares, that keep their order and distances: those too near become one block.
  const apart = (wanted, weights, offsets) => {
    const blocks = [];
    wanted.forEach((place, number) => {
      let mean = place - offsets[number], total = weights[number], count = 1;
      while (blocks.length && blocks.at(-1)[0] > mean) {
        const [before, heavy, points] = blocks.pop();
        mean = (before * heavy + mean * total) / (heavy + total);
        total += heavy;
        count += points;
      }
      blocks.push([mean, total, count]);
    });
    return blocks.flatMap(([mean, , count]) => Array(count).fill(mean)).map((start, number) => start + offsets[number]);
  };

  // The row of each point, a box or where lines pass a column, in its column.
  const rows = (columns, links) => {
    for (const column of columns) {
      column.sort((one, other) => one.y - other.y || (one.key < other.key ? -1 : 1));
      let offset = 0;
      column.forEach((point, number) => { point.offset = number ? offset += (column[number - 1].room + point.room) / 2 : 0; });
      column.forEach((point) => { point.row = point.offset - offset / 2; });
    }
    const settle = (some, sides) => some.forEach((column) => {
      const wanted = [], weights = [];
      for (const point of column) {
        let total = 0, weight = 0;
        for (const side of sides) for (const other of point[side]) {
          const pull = point.passes && other.passes ? STRAIGHT : 1;
          total += pull * other.row;
          weight += pull;
        }
        wanted.push(weight ? total / weight : point.row);
        weights.push(weight || LOOSE);
      }
      apart(wanted, weights, column.map((point) => point.offset)).forEach((row, number) => { column[number].row = row; });
    });
    for (const { way } of links) way.slice(1).forEach((point, number) => { way[number].right.add(point); point.left.add(way[number]); });
    for (let sweep = 0; sweep < SWEEPS; sweep += 1) { settle(columns.slice(1), ["left"]); settle(columns.slice(0, -1).reverse(), ["right"]); }
    for (let sweep = 0; sweep < SWEEPS; sweep += 1) settle(columns, ["left", "right"]);
  };

  const n = (number) => number.toFixed(1);
  // The way of a line as a path of SVG: straight through columns, bent between them; `short` leaves out so much at its end.
  const path = (stretches, short) => {
    let [[begins, x, y]] = stretches, drawn = `M${n(begins)} ${n(y)}H${n(x)}`;
    stretches.slice(1).forEach(([left, until, height], number) => {
      // Out of a column and back into it, or on to the next.
      const bend = left === x ? x + 22 : (x + left) / 2, way = until >= left ? 1 : -1;
      drawn += `C${n(bend)} ${n(y)} ${n(bend)} ${n(height)} ${n(left)} ${n(height)}H${n(until - (number === stretches.length - 2 ? way * short : 0))}`;
      [x, y] = [until, height];
    });
    return drawn;
  };
  // Its head, an arrow or a bar.
  const head = (stretches, bar) => {
    const [begins, x, y] = stretches.at(-1), way = x >= begins ? 1 : -1;
    return bar ? `M${n(x - way * 3)} ${n(y - 5)}V${n(y + 5)}` : `M${n(x)} ${n(y)}L${n(x - way * 7)} ${n(y - 3.6)}V${n(y + 3.6)}Z`;
  };

  // boxes: Map of a thing to {width, lines, more}, half of more being room above it and half beneath; lines: [{id, from, to}]; order: as a plan gives it.
  const lay = (boxes, lines, order) => {
    const used = [...new Set([...boxes.keys()].map((id) => order.things[id][0]))].sort((one, other) => one - other);
    const at = new Map([...boxes.keys()].map((id) => [id, used.indexOf(order.things[id][0])]));
    const columns = used.map(() => []), points = new Map();
    const point = (key, column, y, room, passes) => {
      if (!points.has(key)) {
        const made = { key, y, room, passes, left: new Set(), right: new Set() };
        points.set(key, made);
        columns[column].push(made);
      }
      return points.get(key);
    };
    const sides = new Map();
    const side = (id, right) => { const key = `${id} ${right}`; if (!sides.has(key)) sides.set(key, []); return sides.get(key); };
    const drawn = lines.filter((line) => line.from !== line.to).sort((one, other) => (one.id < other.id ? -1 : 1));
    for (const line of drawn) {
      const here = at.get(line.from), there = at.get(line.to);
      side(line.from, here <= there).push(line);
      side(line.to, there <= here).push(line);
    }
    const heights = new Map([...boxes].map(([id, box]) => {
      const ports = Math.max(side(id, false).length, side(id, true).length);
      return [id, Math.max(box.lines * 15 + 10, (ports - 1) * PORT + 12, 28)];
    }));
    for (const [id, box] of boxes) point(id, at.get(id), order.things[id][2], heights.get(id) + BETWEEN + box.more, false);
    const beside = new Map();
    const links = drawn.map((line) => {
      const ends = at.get(line.from) <= at.get(line.to) ? [line.from, line.to] : [line.to, line.from];
      const [first, last] = ends.map((id) => order.things[id]), way = [points.get(ends[0])], pair = ends.join(" ");
      for (let column = at.get(ends[0]) + 1; column < at.get(ends[1]); column += 1) {
        // A line that the plan does not have goes straight.
        const passed = order.lines[line.id]?.[used[column] - first[0] - 1] ?? first[2] + (last[2] - first[2]) * (used[column] - first[0]) / (last[0] - first[0]);
        way.push(point(`${pair} ${column}`, column, passed, PASSING, true));
      }
      way.push(points.get(ends[1]));
      const shift = 5 * (beside.get(pair) ?? 0);
      beside.set(pair, (beside.get(pair) ?? 0) + 1);
      return { line, ends, way, shift };
    });
    rows(columns, links.filter(({ ends: [one, other] }) => at.get(one) !== at.get(other)));

    const lefts = [], rights = [], laneOf = used.map((column) => [...boxes.keys()].map((id) => order.things[id]).find((thing) => thing[0] === column)[1]);
    let x = MARGIN;
    used.forEach((_, column) => {
      lefts.push(x);
      rights.push(x + Math.max(...[...boxes].filter(([id]) => at.get(id) === column).map(([, box]) => box.width)));
      const bending = drawn.filter((line) => Math.min(at.get(line.from), at.get(line.to)) <= column && column < Math.max(at.get(line.from), at.get(line.to))).length;
      x = rights[column] + GAP + A_LINE * bending + (laneOf[column + 1] !== laneOf[column] ? LANE : 0);
    });
    const all = [...points.values()], half = (each) => (each.passes ? 0 : (each.room - BETWEEN) / 2);
    const down = MARGIN + HEAD - Math.min(...all.map((each) => each.row - half(each)));
    const placed = new Map([...boxes].map(([id, box]) => {
      const column = at.get(id), height = heights.get(id);
      return [id, { x: (lefts[column] + rights[column] - box.width) / 2, y: points.get(id).row + down - height / 2, width: box.width, height }];
    }));
    const port = new Map();
    for (const [key, some] of sides) {
      const id = key.slice(0, key.lastIndexOf(" ")), box = placed.get(id);
      const toward = (line) => { const { way } = links.find((link) => link.line === line); return (way[0] === points.get(id) ? way[1] : way.at(-2)).row; };
      some.sort((one, other) => toward(one) - toward(other) || (one.id < other.id ? -1 : 1));
      some.forEach((line, number) => port.set(`${line.id} ${id}`, box.y + box.height / 2 + (number - (some.length - 1) / 2) * PORT));
    }
    const routes = new Map(links.map(({ line, ends: [one, other], way, shift }) => {
      const first = placed.get(one), last = placed.get(other), begins = port.get(`${line.id} ${one}`), ends = port.get(`${line.id} ${other}`);
      if (at.get(one) === at.get(other)) {
        const out = rights[at.get(one)] + 18, edge = (id) => placed.get(id).x + placed.get(id).width;
        return [line.id, [[edge(line.from), out, port.get(`${line.id} ${line.from}`)], [out, edge(line.to), port.get(`${line.id} ${line.to}`)]]];
      }
      const stretches = [[first.x + first.width, rights[at.get(one)], begins]];
      way.slice(1, -1).forEach((each, number) => { const column = at.get(one) + 1 + number; stretches.push([lefts[column], rights[column], each.row + down + shift]); });
      stretches.push([lefts[at.get(other)], last.x, ends]);
      return [line.id, one === line.from ? stretches : stretches.reverse().map(([left, right, y]) => [right, left, y])];
    }));
    const lanes = new Map();
    laneOf.forEach((lane, column) => { const [left] = lanes.get(lane) ?? [lefts[column]]; lanes.set(lane, [left, rights[column]]); });
    const low = Math.max(...all.map((each) => each.row + down + half(each)));
    return { width: rights.at(-1) + MARGIN + GAP / 2, height: low + MARGIN, boxes: placed, routes, lanes };
  };
  return Object.assign(lay, { path, head });
})();
