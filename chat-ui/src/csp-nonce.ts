/**
 * What the server's content-security policy demands of a style element that is made at run time; none where the page is served
 * without it (`vite`). The browser shows it to scripts of the page alone.
 */
export const cspNonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce
