import { keysCreate } from './keys-create.ts'
import { keysList, keysRevoke, keysRotate } from './keys-manage.ts'
import { rotateEncryption } from './keys-rotate-encryption.ts'
import { defineGroup } from './subcommands.ts'

export const keysCommand = defineGroup({
  name: 'keys',
  summary: { en: 'make, list, rotate and revoke API keys', ko: 'API 키를 만들고, 보고, 바꾸고, 폐기합니다' },
  details: {
    en: 'Works on the database itself, whether or not a server runs. A key is printed once, and kept nowhere. The first key closes a\nserver that was open. What is reported holds for every running process.',
    ko: '서버가 실행 중이 아니어도 데이터베이스에서 바로 처리합니다. 키는 한 번만 출력되며 어디에도 저장되지 않습니다. 첫 키를\n만들면 열려 있던 서버가 닫힙니다. 출력된 내용은 실행 중인 모든 프로세스에 적용된 것입니다.',
  },
  examples: [
    'yeyak keys create --name backend --scopes notifications:read,notifications:write',
    'yeyak keys create --name admin --scopes all --expires 90d',
    'yeyak keys list',
    'yeyak keys rotate 0199c0de-0000-7000-8000-000000000000 --overlap 3600',
  ],
  subcommands: [keysCreate, keysList, keysRotate, keysRevoke, rotateEncryption],
})
