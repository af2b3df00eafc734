/** The words of workflows, work on many documents, mails, scheduled reports, boards and maps in Chinese. Part of the catalogue in `zh.ts`. */
const zhWork: Readonly<Record<string, string>> = {
  'New state: {0}.': '新状态：{0}。',
  'Next steps': '下一步',
  'Waiting for {0}.': '等待{0}处理。',
  'Your turn: {0}.': '请处理：{0}。',
  '{0}: {1}?': '{0}：{1}？',
};

export default zhWork;
