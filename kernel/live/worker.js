// One subject: its networks, and a kernel that evaluates them. The page posts the
// subject, then turns; between two evaluations a newer turn takes the place of an older
// one, and while there is none the stored readings are checked.
"use strict";

const { fround } = Math;

async function bytes(text) {
  const packed = Uint8Array.from(atob(text), c => c.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

// together undoes what keeps the first bytes of all numbers before all second ones;
// numbers of which fewer bytes are there lack the lowest.
function together(planes, size, there = size) {
  const count = planes.length / there, out = new Uint8Array(count * size);
  for (let p = 0; p < there; p++)
    for (let i = 0; i < count; i++) out[i * size + size - there + p] = planes[p * count + i];
  return out.buffer;
}

const floats = async text => new Float32Array(together(await bytes(text), 4));

// stretched are weights that stand as whole multiples of a step of each matrix.
function stretched(multiples, steps, counts) {
  const out = new Float32Array(multiples.length);
  let k = 0;
  counts.forEach((count, l) => { for (const end = k + count; k < end; k++) out[k] = multiples[k] * fround(steps[l]); });
  return out;
}

// places lists the live places of each matrix, ascending, matrix after matrix.
async function places(mask, widths) {
  const out = new Int32Array(mask.Counts.reduce((a, b) => a + b, 0));
  let k = 0;
  if (mask.Gaps) {
    const gaps = await bytes(mask.Gaps);
    let at = 0;
    for (const count of mask.Counts) {
      let next = 0;
      for (const end = k + count; k < end; at++) {
        next += gaps[at];
        if (gaps[at] < 255) out[k++] = next++;
      }
    }
    return out;
  }
  const bits = await bytes(mask.Bits);
  let from = 0;
  mask.Counts.forEach((_, l) => {
    const size = widths[l] * widths[l + 1];
    for (let i = 0; i < size; i++) if (bits[from + (i >> 3)] >> (i & 7) & 1) out[k++] = i;
    from += size + 7 >> 3;
  });
  return out;
}

// The kernel as WebAssembly. Views of its memory are made anew, since it grows.
async function wasmKernel(code, widths, samples) {
  const { exports: e } = (await WebAssembly.instantiate(code, {})).instance;
  const put = (numbers, type) => {
    const at = e.take(numbers.byteLength);
    new type(e.memory.buffer, at, numbers.length).set(numbers);
    return at;
  };
  const shape = put(Int32Array.from(widths), Int32Array), layers = widths.length - 1;
  const inhibition = e.take(4 * layers), drawn = new Map();
  // Noise depends on no dial, and is drawn once.
  const noise = keys => {
    const id = keys.join();
    if (!drawn.has(id)) drawn.set(id, e.draw(layers, shape, put(Uint32Array.from(keys), Uint32Array), samples));
    return drawn.get(id);
  };
  return {
    points: (values, labels) => ({ at: put(values, Float32Array), labels: put(labels, Uint8Array) }),
    network(net) {
      const made = {};
      const at = [put(net.counts, Int32Array), put(net.places, Int32Array), put(net.weights, Float32Array), put(net.biases, Float32Array)];
      return quiet => made[quiet] ??= e.network(layers, shape, ...at, quiet);
    },
    right(network, points, from, to, m) {
      const handle = network(m.internal ? 0 : 1);
      const before = m.sigma || m.inputSigma ? noise(m.keys) : 0; // first: memory grows, and views of it go
      new Float32Array(e.memory.buffer, inhibition, layers - 1).set(m.inhibition);
      e.under(handle, m.saturates, m.internal, m.gain, m.sigma, m.bias, m.shift, m.inputSigma, inhibition, before);
      return e.right(handle, points.at, points.labels, from, to);
    },
  };
}

// gather adds up what live weights bring to a unit, for 64 samples: a function of its
// own, since compilers of JavaScript make the best of one that touches nothing else.
function gather(z, x, w, sender, from, to) {
  for (let i = 0; i < 64; i += 8) {
    let a = z[i], b = z[i + 1], c = z[i + 2], d = z[i + 3], e = z[i + 4], f = z[i + 5], g = z[i + 6], h = z[i + 7];
    for (let k = from; k < to; k++) {
      const weight = w[k], at = (sender[k] << 6) + i;
      a = fround(a + fround(weight * x[at]));
      b = fround(b + fround(weight * x[at + 1]));
      c = fround(c + fround(weight * x[at + 2]));
      d = fround(d + fround(weight * x[at + 3]));
      e = fround(e + fround(weight * x[at + 4]));
      f = fround(f + fround(weight * x[at + 5]));
      g = fround(g + fround(weight * x[at + 6]));
      h = fround(h + fround(weight * x[at + 7]));
    }
    z[i] = a, z[i + 1] = b, z[i + 2] = c, z[i + 3] = d, z[i + 4] = e, z[i + 5] = f, z[i + 6] = g, z[i + 7] = h;
  }
}

// The same in plain JavaScript, a twelfth as fast: every sum and product is rounded as
// the other kernel's, and the functions behind the noise are the browser's.
function plainKernel(widths) {
  const width = 64, // as gather has it
    rotations = [13, 15, 26, 6, 17, 29, 16, 24];
  // Threefry-2x32 of twenty rounds (Salmon et al. 2011).
  const threefry = (k0, k1, x, y) => {
    const k = [k0, k1, 0x1BD11BDA ^ k0 ^ k1];
    x = x + k0 | 0;
    y = y + k1 | 0;
    for (let r = 0; r < 20; r++) {
      x = x + y | 0;
      y = (y << rotations[r & 7] | y >>> 32 - rotations[r & 7]) ^ x;
      if ((r & 3) === 3) {
        const i = (r >> 2) + 1;
        x = x + k[i % 3] | 0;
        y = y + k[(i + 1) % 3] + i | 0;
      }
    }
    return [x, y];
  };
  const uniform = w => ((w >>> 9) + 0.5) / 2 ** 23;
  const drawn = new Map(); // by layer's key, then unit
  const normals = (k0, k1, unit, count) => {
    const id = k0 + "," + k1 + "," + count;
    if (!drawn.has(id)) drawn.set(id, []);
    const layer = drawn.get(id);
    if (layer[unit]) return layer[unit];
    const z = new Float32Array(count + 1);
    for (let i = 0; i < count; i += 2) {
      const [a, b] = threefry(k0, k1, unit, i >> 1);
      const radius = Math.sqrt(-2 * Math.log(uniform(a)));
      const angle = Math.PI / 2 * ((b >>> 30) + uniform(b << 2) - 0.5);
      z[i] = radius * Math.cos(angle);
      z[i + 1] = radius * Math.sin(angle);
    }
    return layer[unit] = z;
  };
  return {
    points: (values, labels) => ({ values, labels }),
    network(net) {
      let first = 0, bias = 0;
      return net.counts.reduce((layers, count, l) => {
        const row = new Int32Array(widths[l + 1] + 1), from = new Int32Array(count);
        for (let k = 0; k < count; k++) {
          row[Math.floor(net.places[first + k] / widths[l]) + 1]++;
          from[k] = net.places[first + k] % widths[l];
        }
        for (let r = 0; r < widths[l + 1]; r++) row[r + 1] += row[r];
        layers.push({ row, from, w: net.weights.subarray(first, first + count), b: net.biases.subarray(bias, bias + widths[l + 1]) });
        first += count;
        bias += widths[l + 1];
        return layers;
      }, []);
    },
    right(layers, points, from, to, m) {
      const count = points.labels.length, last = layers.length - 1, z = new Float32Array(width);
      const [gain, sigma, mean, shift, inputSigma] = [m.gain, m.sigma, m.bias, m.shift, m.inputSigma].map(fround);
      let right = 0;
      for (let at = from; at < to; at += width) {
        const here = Math.min(width, to - at);
        let x = new Float32Array(widths[0] * width);
        for (let u = 0; u < widths[0]; u++) {
          const noise = inputSigma && normals(m.keys[0], m.keys[1], u, count);
          for (let i = 0; i < here; i++) {
            x[u * width + i] = points.values[(at + i) * widths[0] + u];
            if (noise) x[u * width + i] += fround(inputSigma * noise[at + i]);
          }
        }
        layers.forEach(({ row, from: sender, w, b }, l) => {
          const out = new Float32Array(widths[l + 1] * width);
          for (let r = 0; r < widths[l + 1]; r++) {
            z.fill(b[r]);
            gather(z, x, w, sender, row[r], row[r + 1]);
            if (l < last) {
              const noise = sigma && normals(m.keys[2 * l + 2], m.keys[2 * l + 3], r, count), factor = fround(m.inhibition[l]);
              for (let i = 0; i < here; i++) {
                let h = m.saturates ? fround(Math.tanh(z[i])) : Math.max(z[i], 0);
                if (noise) h = fround(h + fround(sigma * noise[at + i]));
                if (m.internal) h = fround(h + mean);
                z[i] = fround(gain * fround(factor * h)) - shift;
              }
            }
            out.set(z, r * width);
          }
          x = out;
        });
        for (let i = 0; i < here; i++) {
          let best = 0;
          for (let o = 1; o < widths.at(-1); o++) if (x[o * width + i] > x[best * width + i]) best = o;
          if (best === points.labels[at + i]) right++;
        }
      }
      return right;
    },
  };
}

// modulation is a subject's own with the dials that are turned, under a test's
// conditions; what the stabiliser leaves is protocols.Modulation's.
function modulation(own, turned, test, layers) {
  const m = { ...own };
  if (turned.Drug === "off") Object.assign(m, { Activation: "relu", Gain: 1, Inhibition: 1, InhibitedLayer: 0 });
  for (const name of ["Activation", "Gain", "Inhibition"]) if (turned[name] !== undefined) m[name] = turned[name];
  const s = turned.Level !== undefined ? { ...turned.Stabiliser, Level: turned.Level } : m.Stabiliser;
  const sigma = Math.hypot(m.Sigma, test.Sigma), bias = m.Bias + test.Bias;
  return {
    saturates: m.Activation === "tanh" ? 1 : 0,
    internal: sigma !== 0 || bias !== 0 ? 1 : 0,
    gain: s.Level === 0 ? m.Gain : Math.min(m.Gain, Math.max(s.GainCap, s.GainCap + (1 - s.Level) * (m.Gain - s.GainCap))),
    sigma,
    bias: bias * (1 - s.Bias * s.Level),
    shift: s.Damping * s.Level,
    inputSigma: Math.hypot(m.InputSigma, test.InputSigma),
    inhibition: Array.from({ length: layers - 1 }, (_, l) => m.InhibitedLayer && m.InhibitedLayer !== l + 1 ? 1 : m.Inhibition),
  };
}

// pause lets a message in.
const channel = new MessageChannel();
const pause = () => new Promise(resume => { channel.port1.onmessage = resume; channel.port2.postMessage(0); });

let asked = null, wake = null;
const rest = () => new Promise(resume => { wake = resume; });

onmessage = ({ data }) => {
  if (data.turn) {
    asked = data.turn;
    wake?.();
    return;
  }
  begin(data).catch(e => postMessage({ failed: String(e) }));
};

async function begin({ subject, widths, sets, centres, slab, code }) {
  const kernel = code ? await wasmKernel(code, widths, Math.max(...sets.map(s => s.Samples))) : plainKernel(widths), layers = widths.length - 1;
  const masks = await Promise.all(subject.Masks.map(m => places(m, widths)));
  const nets = [];
  for (const n of subject.Nets) {
    const raw = await bytes(n.Weights);
    nets.push(kernel.network({
      counts: Int32Array.from(subject.Masks[n.Mask].Counts), places: masks[n.Mask],
      weights: n.Steps ? stretched(new Int16Array(together(raw, 2)), n.Steps, subject.Masks[n.Mask].Counts) : new Float32Array(together(raw, 4, n.Bytes)),
      biases: await floats(n.Biases),
    }));
  }
  const points = [];
  for (const s of subject.Sets) {
    const labels = await bytes(s.Labels);
    const values = s.Points ? await floats(s.Points) : Float32Array.from({ length: labels.length * widths[0] }, (_, i) => centres[labels[Math.floor(i / widths[0])] * widths[0] + i % widths[0]]);
    points.push(kernel.points(values, labels));
  }
  const right = (state, turned, test, from, to) => {
    const s = subject.States[state];
    return kernel.right(nets[s.Net], points[test.Set], from, to, { ...modulation(s.Modulation, turned, test, layers), keys: subject.Keys[test.Draw] });
  };
  // counted is right in parts, between which a newer turn is looked for; null where there
  // is one.
  const part = Math.ceil(1000 / slab) * slab;
  async function counted(state, turned, test, from, to) {
    let n = 0;
    for (let at = from; at < to; at += part) {
      n += right(state, turned, test, at, Math.min(to, at + part));
      await pause();
      if (asked) return null;
    }
    return n;
  }
  postMessage({ ready: true });

  const unchecked = subject.Readings.slice();
  let spent = 0;
  for (;;) {
    if (asked) {
      const turn = asked, all = sets[turn.test.Set].Samples, first = Math.min(all, Math.ceil(500 / slab) * slab);
      asked = null;
      const began = performance.now(), some = [];
      for (const state of subject.Arms) some.push(right(state, turn.turned, turn.test, 0, first));
      postMessage({ id: turn.id, right: some, of: first, whole: first === all, took: performance.now() - began });
      if (first < all) {
        const whole = [];
        for (const [a, state] of subject.Arms.entries()) {
          const others = await counted(state, turn.turned, turn.test, first, all);
          if (others === null) break;
          whole.push(some[a] + others);
        }
        if (whole.length === some.length) postMessage({ id: turn.id, right: whole, of: all, whole: true, took: performance.now() - began });
      }
    } else if (unchecked.length) {
      const r = unchecked[0], began = performance.now();
      const got = await counted(r.State, {}, r, 0, sets[r.Set].Samples);
      spent += performance.now() - began;
      if (got === null) continue;
      unchecked.shift();
      postMessage({ checked: got - r.Right, left: unchecked.length, spent });
    } else {
      await rest();
    }
  }
}
