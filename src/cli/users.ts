import type { Language } from '../platform/errors.ts'
import { changeAccess, readAll, withAccess } from './access-database.ts'
import { EXIT, JSON_OPTION, UsageError } from './command.ts'
import { readPassword } from './password.ts'
import { defineGroup, defineSubcommand } from './subcommands.ts'
import { align } from './table.ts'
import { localTime } from './time.ts'
import { visible } from './visible.ts'

const texts = {
  needed: {
    en: 'users create needs --email and --role (viewer, editor, operator or admin)',
    ko: '--email과 --role(viewer, editor, operator, admin)이 필요합니다',
  },
  email: { en: 'the e-mail address of the user is needed', ko: '사용자의 이메일 주소가 필요합니다' },
  wrongEmail: { en: '--email takes an e-mail address', ko: '--email에는 이메일 주소를 씁니다' },
  role: {
    en: (role: string) => `there is no role "${role}"; there are viewer, editor, operator and admin`,
    ko: (role: string) => `"${role}" 역할은 없습니다. viewer, editor, operator, admin이 있습니다`,
  },
  password: { en: 'Password: ', ko: '비밀번호: ' },
  none: { en: 'no users', ko: '사용자가 없습니다' },
  all: { en: 'all', ko: '전체' },
  never: { en: 'never', ko: '없음' },
  disabled: { en: 'disabled', ko: '사용 중지' },
  made: { en: (email: string) => `made: ${email}`, ko: (email: string) => `만들었습니다: ${email}` },
  changed: {
    en: (email: string) => `the password was changed, and all sessions have ended: ${email}`,
    ko: (email: string) => `비밀번호를 바꾸고 모든 세션을 끝냈습니다: ${email}`,
  },
  removed: { en: (email: string) => `removed: ${email}`, ko: (email: string) => `지웠습니다: ${email}` },
  head: {
    en: ['email', 'name', 'role', 'projects', 'last sign-in'],
    ko: ['이메일', '이름', '역할', '프로젝트', '마지막 로그인'],
  },
}

const needed = ([email]: readonly string[], language: Language): string => {
  if (email === undefined) throw new UsageError(texts.email[language])
  return email
}

const usersCreate = defineSubcommand({
  name: 'create',
  usage: '--email <address> --role <role> [--name <name>] [--projects <a,b>] [--json]',
  options: {
    email: {
      type: 'string',
      value: '<address>',
      doc: { en: 'by which he signs in', ko: '로그인할 이메일 주소' },
    },
    role: {
      type: 'string',
      value: '<role>',
      doc: { en: 'viewer, editor, operator or admin', ko: 'viewer, editor, operator, admin' },
    },
    name: { type: 'string', value: '<name>', doc: { en: 'his name', ko: '이름' } },
    projects: {
      type: 'string',
      value: '<a,b>',
      doc: { en: 'the projects that he may enter (all)', ko: '들어갈 수 있는 프로젝트(전체)' },
    },
    json: JSON_OPTION,
  },
  most: 0,
  async run(invocation) {
    const { values, language, terminal } = invocation
    const { email, role, name, projects } = values
    if (email === undefined || role === undefined) throw new UsageError(texts.needed[language])
    if (!/^[^\s@]+@[^\s@]+$/u.test(email) || email.length > 254)
      throw new UsageError(texts.wrongEmail[language])
    const { ROLES } = await import('../app.ts')
    const known = ROLES.find((one) => one === role)
    if (known === undefined) throw new UsageError(texts.role[language](role))
    const password = await readPassword(terminal, texts.password[language])
    const made = await changeAccess(invocation, 'yeyak users create', (tools) =>
      tools.users.create({
        ...{ email, role: known, password },
        ...(name !== undefined && { name }),
        ...(projects !== undefined && { projects: projects.split(',').map((part) => part.trim()) }),
      }),
    )
    terminal.print(values.json ? JSON.stringify(made) : texts.made[language](made.email))
    return EXIT.done
  },
})

const usersList = defineSubcommand({
  name: 'list',
  usage: '[--json]',
  options: { json: JSON_OPTION },
  most: 0,
  async run(invocation) {
    const { values, language, terminal } = invocation
    const users = await withAccess(invocation, 'yeyak users list', (tools) =>
      readAll((after, limit) => tools.users.list(after, limit)),
    )
    const rows = users.map((user) => [
      ...[visible(user.email), visible(user.name)],
      user.disabled ? `${user.role} (${texts.disabled[language]})` : user.role,
      user.projects?.join(',') ?? texts.all[language],
      user.signedInAt === null ? texts.never[language] : localTime(user.signedInAt),
    ])
    if (values.json) terminal.print(JSON.stringify(users))
    else
      terminal.print(
        rows.length === 0 ? texts.none[language] : align([texts.head[language], ...rows]).join('\n'),
      )
    return EXIT.done
  },
})

const usersPassword = defineSubcommand({
  name: 'password',
  usage: '<email> [--json]',
  options: { json: JSON_OPTION },
  most: 1,
  async run(invocation) {
    const { values, language, terminal } = invocation
    const email = needed(invocation.positionals, language)
    const password = await readPassword(terminal, texts.password[language])
    const user = await changeAccess(invocation, 'yeyak users password', (tools) =>
      tools.users.setPassword(email, password),
    )
    terminal.print(values.json ? JSON.stringify(user) : texts.changed[language](user.email))
    return EXIT.done
  },
})

const usersRemove = defineSubcommand({
  name: 'remove',
  usage: '<email> [--json]',
  options: { json: JSON_OPTION },
  most: 1,
  async run(invocation) {
    const { values, language, terminal } = invocation
    const email = needed(invocation.positionals, language)
    const user = await changeAccess(invocation, 'yeyak users remove', (tools) => tools.users.remove(email))
    terminal.print(
      values.json ? JSON.stringify({ removed: user.email }) : texts.removed[language](user.email),
    )
    return EXIT.done
  },
})

export const usersCommand = defineGroup({
  name: 'users',
  summary: { en: 'make, list and remove those who sign in', ko: '로그인할 사용자를 만들고, 보고, 지웁니다' },
  details: {
    en: 'Works on the database itself. The password is asked for, or read from the input, and is never an argument. The first user closes\na server that was open.',
    ko: '데이터베이스에서 바로 처리합니다. 비밀번호는 물어보거나 표준 입력에서 읽으며, 인자로 쓰지 않습니다. 첫 사용자를 만들면\n열려 있던 서버가 닫힙니다.',
  },
  examples: [
    'yeyak users create --email kim@example.com --role admin',
    'yeyak users password kim@example.com',
    'yeyak users list',
  ],
  subcommands: [usersCreate, usersList, usersPassword, usersRemove],
})
