/** Samples of a Prometheus endpoint by name and labels, such as `x_total{outcome="kept",stage="clean"}`, labels in alphabetical order. */
export async function scrapeMetrics(address: string): Promise<ReadonlyMap<string, number>> {
  const response = await fetch(`http://${address}/metrics`);
  const samples = (await response.text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(samples.map(parseSample));
}

function parseSample(line: string): [string, number] {
  const [, name = '', labels, value] = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
  const sorted = [...(labels ?? '').matchAll(/\w+="[^"]*"/g)].map(([label]) => label).sort();
  return [labels === undefined ? name : `${name}{${sorted.join(',')}}`, Number(value)];
}
