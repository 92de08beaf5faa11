/** The metrics of a process of the service as they are now; @throws Error on one that it does not have. */
export async function readMetrics(
  serviceUrl: string,
  token: string,
): Promise<(name: string) => number> {
  const answer = await fetch(`${serviceUrl}/metrics`, {
    headers: { authorization: `Bearer ${token}` },
  });
  const lines = (await answer.text()).split('\n');
  return (name) => {
    const line = lines.find((candidate) => candidate.startsWith(`${name} `));
    if (line === undefined) throw new Error(`no metric ${name}`);
    return Number(line.slice(name.length));
  };
}
