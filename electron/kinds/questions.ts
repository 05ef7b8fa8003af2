/** What the doctor asks of a service. `ours`: with the vault's credential; the others with none. */
export type QuestionId =
  | 'stranger'
  | 'ours'
  | 'empty-token'
  | 'with-origin'
  | 'login-page'
  | 'web-login'
  | 'config'
  | 'gradio-login'
  | 'ping'
  | 'extension'
