// What a page holds: script's heap, WebAssembly's memories, and nodes.

/** After a collection, so that it is what is kept and not what is waiting to be thrown away. */
export async function measure(context, page) {
  const cdp = await context.newCDPSession(page);
  await cdp.send("HeapProfiler.collectGarbage");
  const { usedSize, embedderHeapUsedSize = 0, backingStorageSize = 0 } = await cdp.send("Runtime.getHeapUsage");
  const wasm = await page.evaluate(() => window.benchMemoryBytes());
  await cdp.send("Performance.enable");
  const { metrics } = await cdp.send("Performance.getMetrics");
  const nodesCounted = metrics.find((metric) => metric.name === "Nodes")?.value ?? 0;
  const inDocument = await page.evaluate(() => {
    const walker = document.createTreeWalker(document, NodeFilter.SHOW_ALL);
    let nodes = 1;
    while (walker.nextNode()) nodes += 1;
    return { nodes, elements: document.querySelectorAll("*").length };
  });
  const workers = page.workers().length;
  await cdp.detach();
  return {
    jsBytes: usedSize,
    wasmBytes: wasm,
    /** Blink's own objects: nodes, styles. Not in "heap", which means script's. */
    embedderBytes: embedderHeapUsedSize,
    backingBytes: backingStorageSize,
    /** Those of DevTools' monitor: shadow trees of fields and icons too. */
    nodesCounted,
    nodes: inDocument.nodes,
    elements: inDocument.elements,
    workers,
  };
}
