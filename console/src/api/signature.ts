/** Access key with its secret. The secret stays in the page. */
export interface KeyPair {
  readonly accessKey: string
  readonly secretKey: string
}

/** Return the headers that sign a call, as every client of the API signs. */
export async function signed(method: string, target: string, keys: KeyPair, now: number): Promise<Record<string, string>> {
  const text = new TextEncoder()
  const key = await crypto.subtle.importKey('raw', text.encode(keys.secretKey), { name: 'HMAC', hash: 'SHA-256' }, false, [
    'sign',
  ])
  const message = `${method} ${target}\n${now}\n${keys.accessKey}`
  const signature = new Uint8Array(await crypto.subtle.sign('HMAC', key, text.encode(message)))
  return {
    'x-ncp-apigw-timestamp': String(now),
    'x-ncp-iam-access-key': keys.accessKey,
    'x-ncp-apigw-signature-v2': btoa(String.fromCharCode(...signature)),
  }
}
