// The other end of the simulated pool: it is told to change a VM's name, and says when it did.

/** @param {string | undefined} url where `wxa-bench` listens; without it nothing can be changed */
export function control(url) {
  if (!url) return null;
  const ask = async (path, body) => {
    const reply = await fetch(`${url}${path}`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
    if (!reply.ok) throw new Error(`${url}${path}: ${reply.status} ${await reply.text()}`);
    return reply.json();
  };
  return {
    /** Renames the VM that stands first in the list; the moment in milliseconds since 1970, with fractions. */
    change: async (name) => (await ask("/change", { name })).at_ms,
    /** From now on so many other changes a second; none for 0. */
    storm: (perSecond) => ask("/storm", { per_second: perSecond }),
  };
}
