/** Everything the page itself says to citizens: polite, short, plain; "em" speaks to "mình". */

export const WORDS = {
  name: "An Sinh",
  tagline: "Trợ lý chính sách của bà con Quảng Ngãi",
  log: "Cuộc trò chuyện",
  officer: "Cán bộ trả lời",
  bot: "An Sinh",
  mine: "Mình",
  close: "Đóng",
  stop: "Dừng",

  smaller: "A− chữ nhỏ hơn",
  larger: "A+ chữ to hơn",
  menu: "Tùy chọn",
  size: "Cỡ chữ",
  colours: "Màu sắc",
  themes: { auto: "Theo máy", light: "Nền sáng", dark: "Nền tối", contrast: "Tương phản cao" },
  person: "Gặp cán bộ",
  erase: "Xóa dữ liệu của tôi",
  kept: "Em lưu những gì?",

  ask: "Câu hỏi của mình",
  placeholder: "Mình cần hỏi gì ạ?",
  send: "Gửi",
  speak: "Bấm để nói",
  speaking: "Em đang nghe… bấm để dừng",
  notHeard: "Em chưa nghe rõ. Mình bấm rồi nói lại, hoặc gõ chữ giúp em.",
  microphone: "Máy chưa cho phép dùng micrô. Mình gõ chữ giúp em.",

  thinking: "Em đang tìm câu trả lời…",
  opening: "Em đang mở cuộc trò chuyện…",
  offline: "Mất kết nối mạng. Khi có mạng lại, em tự gửi tiếp cho mình.",
  slow: "Đường truyền chập chờn, em đang gửi lại…",
  waiting: (seconds: number) => `Em đang bận, ${seconds} giây nữa em tự gửi lại cho mình.`,
  sending: "Đang gửi…",
  failed: "Chưa gửi được",
  expired: "Cuộc trò chuyện trước đã hết hạn hoặc đã được xóa. Mình bấm nút bên dưới để bắt đầu lại.",
  trouble: "Em gặp trục trặc. Mình thử lại sau ít phút giúp em.",

  verdicts: { eligible: "Đủ điều kiện", not_eligible: "Chưa đủ điều kiện", unknown: "Chưa kết luận được" },
  marks: { eligible: "Đạt", not_eligible: "Không đạt", unknown: "Chưa rõ" },
  told: (value: string) => `Mình cho biết: ${value}`,
  sources: (count: number) => `Theo luật nào (${count})`,
  since: (day: string) => `hiệu lực từ ${day}`,
  until: (day: string) => `đến ${day}`,
  asOf: (day: string) => `Tính đến ngày ${day}`,
  unverified: "Thông tin này chưa được cán bộ xác nhận. Mình hỏi lại nơi giải quyết trước khi làm ạ.",
  office: (office: string) => `Hỏi thêm: ${office}`,
  checklist: "Tờ ghi nhớ để in",
  newPage: "mở trang mới",
  choose: "Chọn câu trả lời",
  chooseSeveral: "Chọn những mục đúng",
  sendChosen: "Gửi mục đã chọn",
  listen: "Nghe",
  silence: "Dừng đọc",

  useful: "Hữu ích",
  useless: "Chưa đúng",
  thanks: "Em cảm ơn góp ý của mình.",
  whyTitle: "Em trả lời chưa đúng ở chỗ nào ạ? (không bắt buộc)",
  reasons: ["Em hiểu sai câu hỏi", "Chữ khó hiểu", "Thông tin không đúng", "Còn thiếu thông tin"],
  whyOther: "Điều khác mình muốn nói",
  sendWhy: "Gửi góp ý",
  notRated: "Chưa gửi được góp ý. Mình thử lại sau giúp em.",

  before: "Trước khi hỏi, mình đọc giúp em",
  notice: (hours: number, days: number, lasts: boolean): [string, string][] => [
    ["Em là trợ lý tự động.", "Em tra giúp quy định. Quyết định chính thức thuộc cơ quan giải quyết."],
    [
      "Em lưu những gì?",
      "Câu hỏi, câu trả lời và những điều mình kể, như tuổi hay loại hộ. Chuyện ốm đau, khuyết tật, nghèo khó là chuyện " +
        "riêng cần giữ kỹ: em chỉ dùng để trả lời cho đúng. Mình không cần gửi họ tên, số căn cước, số thẻ; lỡ gửi số " +
        "thì em che đi trước khi lưu.",
    ],
    [
      "Lưu bao lâu?",
      `Mình xem lại được trên máy này ${lasts ? `trong ${hours} giờ` : "đến khi đóng trang"}. Sau đó nội dung còn trên hệ ` +
        `thống ${days} ngày để cán bộ xem lại chất lượng trả lời, không kèm tên, rồi xóa; chỉ còn số đếm và câu mẫu. Câu ` +
        "gửi cán bộ thì giữ lâu hơn, đến khi xong việc. Số điện thoại mình để lại cho cán bộ thì giữ kín, trả lời xong là xóa.",
    ],
    [
      "Câu mẫu là gì?",
      "Câu hỏi nào giúp em trả lời đúng hơn, cán bộ có thể giữ lại để dạy em. Khi giữ, cán bộ bỏ tên, bỏ số, " +
        "không ghi ai đã hỏi.",
    ],
    [
      "Muốn xóa thì làm sao?",
      `${lasts ? `Trong ${hours} giờ ấy` : "Trước khi đóng trang"}, mình bấm “Tùy chọn” rồi “Xóa dữ liệu của tôi”, hoặc ` +
        "nhắn “xóa dữ liệu của tôi”. Xóa rồi không lấy lại được; chỉ câu mẫu, nếu có, là còn. Bản sao dự phòng của máy thì " +
        "hết trong 30 ngày.",
    ],
  ],
  speechNote: "Nếu mình bấm nút để nói, trình duyệt có thể gửi giọng nói cho hãng làm trình duyệt để đổi thành chữ.",
  begin: "Em hiểu rồi, bắt đầu hỏi",
  understood: "Đóng lại",

  idTitle: "Tin này hình như có số căn cước",
  idText: "Em không cần số giấy tờ để trả lời. Mình nên bỏ số ấy ra cho an toàn.",
  idBack: "Để tôi sửa lại",
  idSend: "Vẫn gửi",

  eraseTitle: "Xóa dữ liệu của mình?",
  eraseText: "Em sẽ xóa mọi tin nhắn và điều mình đã kể trong cuộc trò chuyện này. Xóa rồi không lấy lại được.",
  eraseYes: "Xóa hết",
  eraseNo: "Không xóa",
  erased: "Em đã xóa xong dữ liệu của mình.",
  notErased: "Chưa xóa được vì đường truyền. Mình thử lại giúp em.",

  news: "(Tin mới) ",
};

/**
 * How lines of an answer begin. `text` is the whole answer for channels without cards; a card knows by these openings
 * which lines it shows in another form. A test compares them with the voice of the assistant.
 */
export const OPENINGS = {
  basis: "Căn cứ: ",
  asOf: "Tính đến ngày ",
  asOfPast: "Theo quy định áp dụng vào ngày ",
  unverified: "Lưu ý: thông tin này chưa được cán bộ xác nhận",
  papers: "Giấy tờ mang theo: ",
  screening: {
    eligible: "Đủ điều kiện theo lời mình kể:",
    unknown: "Chưa chắc, cần hỏi thêm cán bộ:",
    not_eligible: "Chưa thuộc diện: ",
  },
};
