// What travels to a page: requests in the order of asking, a redirect as its own, and the sockets' frames.

/** Follows a page from now on. */
export async function follow(context, page) {
  const requests = new Map();
  const sockets = { bytes: 0, frames: 0 };
  const cdp = await context.newCDPSession(page);
  let redirects = 0;
  cdp.on("Network.requestWillBeSent", ({ requestId, request, redirectResponse }) => {
    if (redirectResponse) {
      const before = requests.get(requestId);
      requests.delete(requestId);
      requests.set(`redirect ${++redirects}`, { ...before, bytes: redirectResponse.encodedDataLength });
    }
    if (request.url.startsWith("http")) {
      requests.set(requestId, { url: new URL(request.url).pathname, bytes: 0, encoding: "" });
    }
  });
  cdp.on("Network.responseReceived", ({ requestId, response }) => {
    const request = requests.get(requestId);
    if (!request) return;
    request.encoding = response.headers["content-encoding"] ?? response.headers["Content-Encoding"] ?? "";
    request.cached = response.fromDiskCache === true;
  });
  cdp.on("Network.requestServedFromCache", ({ requestId }) => {
    const request = requests.get(requestId);
    if (request) request.cached = true;
  });
  // Grows with what arrived: a stream that never ends (server-sent events, a long poll) counts too.
  cdp.on("Network.dataReceived", ({ requestId, encodedDataLength }) => {
    const request = requests.get(requestId);
    if (request) request.bytes += encodedDataLength;
  });
  cdp.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    const request = requests.get(requestId);
    if (request) request.bytes = encodedDataLength;
  });
  cdp.on("Network.webSocketFrameReceived", ({ response }) => {
    sockets.frames += 1;
    // Binary frames are told in base64. As unpacked: what a packed frame took on the wire is not told.
    sockets.bytes += response.opcode === 2 ? Math.floor((response.payloadData.length * 3) / 4) : Buffer.byteLength(response.payloadData);
  });
  await cdp.send("Network.enable");
  return {
    /** Requests that were answered by the server (not by the cache: no bytes travelled), and what the sockets brought. */
    now: () => ({
      requests: [...requests.values()].filter((request) => !request.cached && request.bytes > 0).map(({ cached, ...request }) => request),
      socketBytes: sockets.bytes,
      socketFrames: sockets.frames,
    }),
  };
}
