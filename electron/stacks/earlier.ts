import type { StackId } from '../../shared/contract'

/** A version of a stack as it was once deployed. */
interface EarlierVersion {
  stackId: StackId
  version: string
  /** Fingerprints that a file may have: of a Compose file the second is the one for a machine without a GPU. */
  files: Readonly<Record<string, readonly string[]>>
}

/**
 * The stacks of Regie 0.1.0 to 0.4.0, whose deployments have no manifest; oldest first. Later ones need no line here:
 * they are known by their manifest.
 */
export const earlierVersions: readonly EarlierVersion[] = [
  {
    stackId: 'comfyui-qwen',
    version: '0.3.64',
    files: {
      'compose.yaml': [
        '3bb19e06bdf2bef36dbcb6f5f08a9fada5d16fb10364992897a8d9a8dcb6f2e0',
        '9cb4168680c1682a35e4d799e5f643264c0c6cf41c17afd327ff4ed994d2caad',
      ],
      Dockerfile: ['669b6358281eaceb40cfa0a0408b71456d7eeebcd820a7e8aacc8da1c1480bf4'],
      'serve.py': ['28f6a96be089496e8cc73d037d47abcfb0862424e61b65fe4a848b25630d0fc4'],
      'healthcheck.py': ['3dbbb55b37ac07f7d250d88ef71a211f47d69373856a8e021a3e5608b44f4e17'],
      '.env.example': ['6db881a0cc8a110175fd292f6908104e67e2a32addc043cef603c8c92b729a5c'],
      'README.md': [
        '8ad187371f28bddb871a10df1a79e3a956b23cd7c5f7176d24e0f726cc75fb27',
        'd32e82526990d8f1e600313497e7bf45658ac272313abeaadf91615bb977427b',
      ],
    },
  },
  {
    stackId: 'comfyui-qwen',
    version: '0.3.64-2',
    files: {
      'compose.yaml': [
        '948377cf08637524e5255ac6218c3c37ecbcc6037905e41341b3a457a2bbecb7',
        '95ef740c5ebe2d4d2d5d39009ecbc30eaeb03d102741ce40c2c01f99dc1d75a9',
      ],
      Dockerfile: ['ba39707274ab8de9f3dc37583cfa476a8107cfdf19ba0c47a3dbc09b6e71036f'],
      'serve.py': ['1b526a4baeacbff05f88a63ce5a1b6c5108b08916e54c4df3cbba1e9f6d4b70c'],
      'healthcheck.py': ['3dbbb55b37ac07f7d250d88ef71a211f47d69373856a8e021a3e5608b44f4e17'],
      '.env.example': ['6db881a0cc8a110175fd292f6908104e67e2a32addc043cef603c8c92b729a5c'],
      'README.md': ['e53d75a20f05745c173699a8cec26f582c29f276d22c611d2f03094a076c265d'],
    },
  },
  {
    stackId: 'forge-turbo',
    version: 'dfdcbab6',
    files: {
      'compose.yaml': [
        '707e62c4ed1a55a071fd26045b06b1927455d013b8ee7dc5b3057c1c0ca89c64',
        'b6630c361a1ee2c20ed30642aab70d30a293a44902c80ff996259832d99d76b5',
      ],
      Dockerfile: ['0be40a3bab3f5489c678ad524b53c06456505782e9e0493766159b867db03bd3'],
      'serve.py': ['ef0734a88b66930b2cb62cb050e28ab134ce733dc5c229eed8052e8cee664655'],
      'healthcheck.py': ['5c1c629e2916452a43834b6aecc8594ac2f27436e13ae195f616b928c813f646'],
      '.env.example': ['1e90aaac6a601ffebd1e586dad69ca9410303b6483de5abf95b96b658d282a87'],
      'README.md': [
        'abc47cc88091e7633eebdfd2e2e4dd2b2e3e4b317b7d43ca8e337fd9460cde05',
        '1e165cfb1f14dad0732474a52cfa89fa2c56600d6d678e5f969ef7d879379fc3',
      ],
    },
  },
]
