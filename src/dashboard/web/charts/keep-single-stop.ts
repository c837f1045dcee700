/**
 * Keeps Tab out of the layers of a Recharts drawing; to be the `ref` of what is around it. The layers are targets of React portals, which
 * listen for focus, and Chrome lets Tab stop at any SVG element that has such a listener.
 */
export function keepSingleStop(element: HTMLElement | null): (() => void) | undefined {
  if (element === null) return undefined;
  const leaveOut = () => {
    for (const layer of element.querySelectorAll('[class^="recharts-zIndex-layer"]:not([tabindex])'))
      layer.setAttribute('tabindex', '-1');
  };
  const observer = new MutationObserver(leaveOut);
  observer.observe(element, { childList: true, subtree: true });
  leaveOut();
  return () => observer.disconnect();
}
