/** The words of workflows, work on many documents, mails, scheduled reports, boards and maps in Chinese. Part of the catalogue in `zh.ts`. */
const zhWork: Readonly<Record<string, string>> = {
  'Continue:Desk': '继续',
  'Go on in the background': '转到后台继续',
  'Letter head': '信头',
  'New state: {0}.': '新状态：{0}。',
  'Next steps': '下一步',
  'Open the PDF': '打开 PDF',
  'Print format': '打印格式',
  'Print {0} documents': '打印 {0} 张单据',
  'Print {0} documents?': '打印 {0} 张单据？',
  'Show the result': '查看结果',
  'The server does this by itself; you can close this window and work on.': '服务器会自行完成，可以关闭此窗口继续工作。',
  'Waiting for {0}.': '等待{0}处理。',
  'Your turn: {0}.': '请处理：{0}。',
  '{0}: {1} documents?': '{0}：{1} 张单据？',
  '{0}: {1}?': '{0}：{1}？',
};

export default zhWork;
