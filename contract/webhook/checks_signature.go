package webhook

import (
	"fmt"
	"slices"
	"strings"

	"github.com/etcp-mock/etcp-mock/client"
	"github.com/etcp-mock/etcp-mock/contract/report"
	"github.com/etcp-mock/etcp-mock/internal/lang"
	"github.com/etcp-mock/etcp-mock/sign"
)

// forged is a signment that nobody computed.
func (x *examination) forged() string {
	return strings.ToUpper(fmt.Sprintf("%016x%016x", x.maker.rng.Uint64(), x.maker.rng.Uint64()))
}

// other is another value that a field may have.
func other(f sign.Field) any {
	switch v := f.Value.(type) {
	case int:
		return v + 1
	case int64:
		return v + 1
	}
	switch text := f.Value.(string); f.Name {
	case "userType":
		return client.Temporary
	case "plateNumber":
		return "渝B99999"
	case "synId":
		return text[:len(text)-4] + flip(text[len(text)-4:])
	case "entranceTime", "exitTime", "pushTime", "time":
		return text[:len(text)-2] + flip(text[len(text)-2:])
	case "remainingDays":
		return "99"
	default:
		return text + "9"
	}
}

// flip changes the last digit.
func flip(text string) string {
	if strings.HasSuffix(text, "1") {
		return text[:len(text)-1] + "2"
	}
	return text[:len(text)-1] + "1"
}

// signedWith is an entry signed by another sender than the one examined with.
func signedWith(change func(*sender)) judge {
	return refuses(func(x *examination) message {
		m, s := x.maker.entry(), x.sender
		change(&s)
		return m.signedAs(s.signment(m.fields))
	})
}

// refusesParts judges pushes that are signed wrong, each in a way of its own.
func refusesParts(parts func(*examination) []part) judge {
	return judge{expected: isRefused, after: []string{controlNegative}, run: func(x *examination, _ lang.Text) {
		for _, p := range parts(x) {
			x.refuse(p.push, p.name)
		}
	}}
}

// spelled is an entry whose right signment is written in another way.
func spelled(change func(string) string) judge {
	return refuses(func(x *examination) message {
		m := x.maker.entry()
		return m.signedAs(change(x.sender.signment(m.fields)))
	})
}

// refusesKnown judges a forged push that follows right ones of the same car: with a forged signment, and with one field changed after it was signed.
func refusesKnown(field string, pushes func(*maker) (before []message, known message)) judge {
	return judge{expected: isRefused, after: []string{controlNegative}, run: func(x *examination, _ lang.Text) {
		before, known := pushes(x.maker)
		for _, m := range before {
			if !x.accept(m, rightPush) {
				return
			}
		}
		x.refuse(known.signedAs(x.forged()), lang.Text{EN: "a push that is known, with a forged signment", ZH: "signment 伪造、但已知的推送"})
		i := slices.IndexFunc(known.fields, func(f sign.Field) bool { return f.Name == field })
		x.refuse(known.tampered(field, other(known.fields[i])), lang.Text{EN: "a push that is known, with %s changed after signing", ZH: "已知、但签名后修改了 %s 的推送"}.With(field))
	}}
}

// without a forged signment being refused, no other check of signatures says anything.
var afterForged = []string{forged}

var (
	verifyFix = lang.Text{
		EN: "compute signment over what was received, and compare it byte for byte (in constant time) with what was sent",
		ZH: "对收到的内容计算 signment，并与收到的值逐字节（常量时间）比较",
	}
	wholeFix = lang.Text{EN: "compare the whole text, not a prefix of it", ZH: "比较完整的文本，而不是前缀"}
	coverFix = lang.Text{EN: "the signature has to cover every field that was received, not a list of some", ZH: "签名必须覆盖收到的每一个字段，而不是部分字段"}
	knownFix = lang.Text{EN: "verify first, then look whether the push is known: what is answered with code 0 before it is verified lets everybody in", ZH: "先验签，再判断是否已收到过：验签之前就返回 code 0 等于放行任何人"}
	absent   = "`if signment != \"\" && !verify(…)`"
)

// holdsSignment judges a forged push: who reads in an answer what the signment should have been can send it once more.
var holdsSignment = judge{
	expected: lang.Text{EN: "an answer that does not hold the right signment", ZH: "不含正确 signment 的应答"}, after: afterForged,
	run: func(x *examination, sent lang.Text) {
		m := x.maker.entry()
		right := x.sender.signment(m.fields)
		m = m.signedAs(x.forged())
		r := x.send(m)
		if x.note(m, sent, r, false) {
			return
		}
		x.hostile = sent
		if strings.Contains(strings.ToUpper(fmt.Sprint(string(r.Body), r.Header)), right) {
			x.fail(m, r, lang.Text{EN: "%s was answered with the signment that is right for it", ZH: "%s：应答中给出了正确的 signment"}.With(sent))
		}
	},
}

var signatureChecks = []check{
	{
		id: forged, level: report.Must, section: "§10.1",
		title: lang.Text{EN: "a forged signment is refused, else no signature is judged", ZH: "伪造的 signment 必须被拒绝，否则其他签名项不作判断"},
		sent:  lang.Text{EN: "an entry with 32 random hex digits for signment", ZH: "signment 为 32 位随机十六进制数的入场推送"},
		fix:   lang.Text{EN: "signatures are not verified at all: %s", ZH: "根本没有验签：%s"}.With(verifyFix),
		judge: refuses(func(x *examination) message { return x.maker.entry().signedAs(x.forged()) }),
	},
	{
		id: "signature-in-answer", level: report.Must, section: "§10.1", judge: holdsSignment,
		title: lang.Text{EN: "a refusal does not hold the right signment", ZH: "拒绝时不得透露正确的 signment"},
		sent:  lang.Text{EN: "an entry with a forged signment", ZH: "signment 伪造的入场推送"},
		fix: lang.Text{
			EN: "what was computed belongs into your own log: written in the answer, it signs whatever anybody sends",
			ZH: "计算出的 signment 只应写入自己的日志：若写进应答，任何人都可以用它为任意内容签名",
		},
	},
	{
		id: "signature-wrong-key", level: report.Must, section: "§10.1", after: afterForged, fix: verifyFix,
		title: lang.Text{EN: "a push signed with another key is refused", ZH: "用其他密钥签名的推送必须被拒绝"},
		sent:  lang.Text{EN: "an entry signed with another key", ZH: "用其他密钥签名的入场推送"},
		judge: signedWith(func(s *sender) { s.key += "x" }),
	},
	{
		id: "signature-no-key", level: report.Must, section: "§10.1", after: afterForged,
		title: lang.Text{EN: "a push signed without a key is refused", ZH: "未用密钥签名的推送必须被拒绝"},
		sent:  lang.Text{EN: "an entry signed with an empty key, and one whose signment is the MD5 of its data alone", ZH: "用空密钥签名的入场推送，以及 signment 只是 data 的 MD5 的入场推送"},
		fix:   lang.Text{EN: "the merchant's key is part of what is hashed", ZH: "商户密钥是散列内容的一部分"},
		judge: refusesParts(func(x *examination) []part {
			keyless := x.sender
			keyless.key = ""
			alone := sender{signData: x.sender.signData}
			first, second := x.maker.entry(), x.maker.entry()
			return []part{
				{lang.Text{EN: "a push signed with an empty key", ZH: "用空密钥签名的推送"}, first.signedAs(keyless.signment(first.fields))},
				{lang.Text{EN: "a push whose signment is the MD5 of its data alone", ZH: "signment 只是 data 的 MD5 的推送"}, second.signedAs(alone.signment(second.fields))},
			}
		}),
	},
	{
		id: "signature-other-merchant", level: report.Must, section: "§10.1", after: afterForged,
		title: lang.Text{EN: "another merchant's push is refused", ZH: "其他商户的推送必须被拒绝"},
		sent:  lang.Text{EN: "an entry signed for another merchant number, with the right key", ZH: "用正确密钥、但以其他商户号签名的入场推送"},
		fix:   lang.Text{EN: "the merchant's number is part of what is hashed: %s", ZH: "商户号是散列内容的一部分：%s"}.With(verifyFix),
		judge: signedWith(func(s *sender) { s.merchantNo += "9" }),
	},
	{
		id: "signature-missing", level: report.Must, section: "§10.1", after: afterForged,
		title: lang.Text{EN: "a push without signment is refused", ZH: "没有 signment 的推送必须被拒绝"},
		sent:  lang.Text{EN: "an entry without the field signment", ZH: "不含 signment 字段的入场推送"},
		fix:   lang.Text{EN: "a missing signature is a wrong one: %s lets everybody in", ZH: "缺少签名就是签名错误：%s 会放行任何人"}.With(absent),
		judge: refuses(func(x *examination) message { return x.maker.entry().signedAs(missing{}) }),
	},
	{
		id: "signature-empty", level: report.Must, section: "§10.1", after: []string{forged, "signature-missing"},
		title: lang.Text{EN: "an empty signment is refused", ZH: "空的 signment 必须被拒绝"},
		sent:  lang.Text{EN: "an entry with signment \"\"", ZH: "signment 为 \"\" 的入场推送"},
		fix:   lang.Text{EN: "an empty signature is a wrong one: %s lets everybody in", ZH: "空签名就是签名错误：%s 会放行任何人"}.With(absent),
		judge: refuses(func(x *examination) message { return x.maker.entry().signedAs("") }),
	},
	{
		id: "signature-null", level: report.Must, section: "§10.1", after: []string{controlNegative, forged, "signature-missing"},
		title: lang.Text{EN: "a signment that is no text is refused", ZH: "不是字符串的 signment 必须被拒绝"},
		sent:  lang.Text{EN: "an entry with signment null, and ones with true, 0, [] and {}", ZH: "signment 为 null、true、0、[] 和 {} 的入场推送"},
		fix:   lang.Text{EN: "read signment as a text, and refuse anything else", ZH: "把 signment 作为字符串读取，其他一律拒绝"},
		judge: judge{expected: isRefused, run: func(x *examination, _ lang.Text) {
			if x.sender.encoding == EncodingForm {
				x.skip = lang.Text{EN: "a form has texts only", ZH: "表单只有字符串"}
				return
			}
			for _, value := range []sign.Number{"null", "true", "0", "[]", "{}"} {
				x.refuse(x.maker.entry().signedAs(value), lang.Text{EN: "a push with signment %s", ZH: "signment 为 %s 的推送"}.With(value))
			}
		}},
	},
	{
		id: "signature-lower-case", level: report.Must, section: "§6 §10.1", after: afterForged,
		title: lang.Text{EN: "a signment in lower case is refused", ZH: "小写的 signment 必须被拒绝"},
		sent:  lang.Text{EN: "an entry whose right signment is in lower case", ZH: "signment 正确但为小写的入场推送"},
		fix: lang.Text{
			EN: "§6 asks for upper case: compare the texts as they are, without EqualFold, equalsIgnoreCase or toUpperCase",
			ZH: "§6 要求大写：直接比较文本，不要使用 EqualFold、equalsIgnoreCase 或 toUpperCase",
		},
		judge: spelled(strings.ToLower),
	},
	{
		id: "signature-truncated", level: report.Must, section: "§10.1", after: afterForged, fix: wholeFix,
		title: lang.Text{EN: "a truncated signment is refused", ZH: "被截断的 signment 必须被拒绝"},
		sent:  lang.Text{EN: "an entry with the first 31 digits of its signment", ZH: "只含 signment 前 31 位的入场推送"},
		judge: spelled(func(s string) string { return s[:31] }),
	},
	{
		id: "signature-half", level: report.Must, section: "§10.1", after: []string{forged, "signature-truncated"}, fix: wholeFix,
		title: lang.Text{EN: "half a signment is refused", ZH: "半截的 signment 必须被拒绝"},
		sent:  lang.Text{EN: "an entry with the first 16 digits of its signment", ZH: "只含 signment 前 16 位的入场推送"},
		judge: spelled(func(s string) string { return s[:16] }),
	},
	{
		id: "signature-part", level: report.Must, section: "§10.1", after: []string{forged, "signature-truncated", "signature-half"}, fix: wholeFix,
		title: lang.Text{EN: "a signment that is right in part is refused", ZH: "部分正确的 signment 必须被拒绝"},
		sent:  lang.Text{EN: "an entry whose signment has the right first half, and one with the right second half", ZH: "signment 前半部分正确和后半部分正确的入场推送各一条"},
		judge: judge{expected: isRefused, after: []string{controlNegative}, run: func(x *examination, _ lang.Text) {
			m := x.maker.entry()
			right, wrong := x.sender.signment(m.fields), x.forged()
			x.refuse(m.signedAs(right[:16]+wrong[16:]), lang.Text{EN: "a push whose signment is right in its first half", ZH: "signment 前半部分正确的推送"})
			x.refuse(m.signedAs(wrong[:16]+right[16:]), lang.Text{EN: "a push whose signment is right in its second half", ZH: "signment 后半部分正确的推送"})
		}},
	},
	{
		id: "signature-longer", level: report.Should, section: "§10.1", after: afterForged, fix: wholeFix,
		title: lang.Text{EN: "a signment with something after it is refused", ZH: "多出字符的 signment 应被拒绝"},
		sent:  lang.Text{EN: "an entry with its signment and a 0 more, and one with a space before and after it", ZH: "signment 末尾多一个 0 的入场推送，以及 signment 前后带空格的入场推送"},
		judge: refusesParts(func(x *examination) []part {
			first, second := x.maker.entry(), x.maker.entry()
			return []part{
				{lang.Text{EN: "a push with its signment and a 0 more", ZH: "signment 末尾多一个 0 的推送"}, first.signedAs(x.sender.signment(first.fields) + "0")},
				{lang.Text{EN: "a push whose signment has a space before and after it", ZH: "signment 前后带空格的推送"}, second.signedAs(" " + x.sender.signment(second.fields) + " ")},
			}
		}),
	},
	{
		id: "signature-of-another", level: report.Must, section: "§10.1", after: afterForged, fix: verifyFix,
		title: lang.Text{EN: "the signment of another push is refused", ZH: "其他推送的 signment 必须被拒绝"},
		sent:  lang.Text{EN: "an entry with the signment of an earlier right push", ZH: "使用先前正确推送的 signment 的入场推送"},
		judge: refuses(func(x *examination) message {
			earlier := x.maker.entry()
			x.accept(earlier, lang.Text{EN: "a right push", ZH: "正确的推送"})
			return x.maker.entry().signedAs(x.sender.signment(earlier.fields))
		}),
	},
	{
		id: "signature-changed-entry", level: report.Must, section: "§10.1", fix: coverFix,
		title: lang.Text{EN: "an entry with a changed field is refused", ZH: "字段被修改的入场推送必须被拒绝"},
		sent:  changedFields, judge: refusesEach((*maker).entry),
	},
	{
		id: "signature-changed-exit", level: report.Must, section: "§10.2", kinds: exitOnly, fix: coverFix,
		title: lang.Text{EN: "an exit with a changed field is refused", ZH: "字段被修改的离场推送必须被拒绝"},
		sent:  changedFields, judge: refusesEach(func(k *maker) message { return k.exit(k.entry()) }),
	},
	{
		id: "signature-changed-unbind", level: report.Must, section: "§10.3", kinds: []client.Kind{client.KindUnbind}, fix: coverFix,
		title: lang.Text{EN: "an unbinding with a changed field is refused", ZH: "字段被修改的解绑推送必须被拒绝"},
		sent:  changedFields, judge: refusesEach(func(k *maker) message { return k.notice(client.KindUnbind) }),
	},
	{
		id: "signature-changed-certification", level: report.Must, section: "§10.4", kinds: []client.Kind{client.KindCertificationInvalid}, fix: coverFix,
		title: lang.Text{EN: "a lost certification with a changed field is refused", ZH: "字段被修改的认证失效推送必须被拒绝"},
		sent:  changedFields, judge: refusesEach(func(k *maker) message { return k.notice(client.KindCertificationInvalid) }),
	},
	{
		id: "signature-removed-field", level: report.Must, section: "§10.1", after: afterForged,
		title: lang.Text{EN: "a push with a field taken out is refused", ZH: "被删除字段的推送必须被拒绝"},
		sent:  lang.Text{EN: "an entry without userType, signed with it", ZH: "签名含 userType、但正文去掉 userType 的入场推送"},
		fix:   lang.Text{EN: "hash what was received, not what should have been", ZH: "对收到的内容计算散列，而不是对应有的内容"},
		judge: refuses(func(x *examination) message {
			m := x.maker.entry()
			signed := m.fields
			m = m.without("userType")
			m.signed = signed
			return m
		}),
	},
	{
		id: "signature-appended", level: report.Must, section: "§10.1", after: afterForged,
		title: lang.Text{EN: "what stands behind signment is signed, too, or the push is refused", ZH: "signment 之后的内容也要参与验签，否则必须拒绝该推送"},
		sent:  lang.Text{EN: "an entry with a second plateNumber behind its signment", ZH: "在 signment 之后又出现一个 plateNumber 的入场推送"},
		fix:   lang.Text{EN: "cut signment out and hash all the rest; what is cut off behind it is read by the parser all the same, and of two fields most parsers take the last", ZH: "只去掉 signment，其余全部参与散列；被截掉的后半部分仍会被解析，同名字段多数解析器取最后一个"},
		judge: judge{expected: isRefused, after: []string{controlNegative}, run: func(x *examination, sent lang.Text) {
			if x.sender.encoding == EncodingForm {
				x.skip = lang.Text{EN: "of two parameters of a form the first counts", ZH: "表单中同名参数取第一个"}
				return
			}
			m := x.maker.entry()
			fields := append(slices.Clip(m.fields), sign.Field{Name: "signment", Value: x.sender.signment(m.fields)}, sign.Field{Name: "plateNumber", Value: "渝B99999"})
			text := x.sender.body(fields)
			m.raw = &text
			x.refuse(m, sent)
		}},
	},
	{
		id: "signature-kinds", level: report.Must, section: "§10.2", after: afterForged, kinds: exitOnly,
		title: lang.Text{EN: "exits are verified as entries are", ZH: "离场推送必须与入场推送一样验签"},
		sent:  lang.Text{EN: "an exit with a forged signment", ZH: "signment 为伪造的离场推送"},
		fix:   lang.Text{EN: "verify before you look at the kind", ZH: "先验签，再判断推送类型"},
		judge: refuses(func(x *examination) message { return x.maker.exit(x.maker.entry()).signedAs(x.forged()) }),
	},
	{
		id: "signature-temporary", level: report.Must, section: "§10.1", after: afterForged,
		title: lang.Text{EN: "pushes of temporary cars and of masked plates are verified, too", ZH: "临停车和脱敏车牌的推送也必须验签"},
		sent:  lang.Text{EN: "the entry of a temporary car and one with a masked plate, with a forged signment", ZH: "signment 伪造的临停车入场推送和脱敏车牌入场推送"},
		fix:   lang.Text{EN: "verify every push alike, before you look at what is in it", ZH: "对每条推送一律先验签，再查看内容"},
		judge: judge{expected: isRefused, after: []string{controlNegative}, run: func(x *examination, _ lang.Text) {
			x.refuse(x.maker.entry().temporary().signedAs(x.forged()), lang.Text{EN: "the entry of a temporary car with a forged signment", ZH: "signment 伪造的临停车入场推送"})
			x.refuse(x.maker.entry().with("plateNumber", masked(x.maker.plate)).signedAs(x.forged()), lang.Text{EN: "an entry with a masked plate and a forged signment", ZH: "signment 伪造的脱敏车牌入场推送"})
		}},
	},
	{
		id: "signature-known-entry", level: report.Must, section: "§10.1", after: afterForged, fix: knownFix,
		title: lang.Text{EN: "a forged push of a known synId is refused", ZH: "已知 synId 的伪造推送必须被拒绝"},
		sent:  lang.Text{EN: "an entry, then the same entry with a forged signment, and once more with another plate", ZH: "先发入场，再发 signment 伪造的同一入场，然后再发更换车牌的同一入场"},
		judge: refusesKnown("plateNumber", func(k *maker) (before []message, known message) {
			m := k.entry()
			return []message{m}, m
		}),
	},
	{
		id: "signature-known-exit", level: report.Must, section: "§10.2", after: afterForged, kinds: exitOnly, fix: knownFix,
		title: lang.Text{EN: "a forged exit of a known synId is refused", ZH: "已知 synId 的伪造离场推送必须被拒绝"},
		sent:  lang.Text{EN: "an entry, its exit with a forged signment, and the right exit with another fee", ZH: "先发入场，再发 signment 伪造的离场，然后再发修改费用的离场"},
		judge: refusesKnown("receivableFee", func(k *maker) (before []message, known message) {
			m := k.entry()
			return []message{m}, k.exit(m)
		}),
	},
	{
		id: "signature-known-unbind", level: report.Must, section: "§10.3", after: afterForged, kinds: []client.Kind{client.KindUnbind}, fix: knownFix,
		title: lang.Text{EN: "a forged unbinding that is known is refused", ZH: "已收到过的解绑推送的伪造版本必须被拒绝"},
		sent:  lang.Text{EN: "an unbinding, then the same with a forged signment, and once more at another time", ZH: "先发解绑，再发 signment 伪造的同一解绑，然后再发修改时间的同一解绑"},
		judge: refusesKnown("time", func(k *maker) (before []message, known message) {
			m := k.notice(client.KindUnbind).with("time", k.at(14, 2, 1))
			return []message{m}, m
		}),
	},
	{
		id: "signature-known-certification", level: report.Must, section: "§10.4", after: afterForged, kinds: []client.Kind{client.KindCertificationInvalid}, fix: knownFix,
		title: lang.Text{EN: "a forged lost certification that is known is refused", ZH: "已收到过的认证失效推送的伪造版本必须被拒绝"},
		sent:  lang.Text{EN: "a lost certification, then the same with a forged signment, and once more at another time", ZH: "先发认证失效，再发 signment 伪造的同一认证失效，然后再发修改时间的同一认证失效"},
		judge: refusesKnown("time", func(k *maker) (before []message, known message) {
			m := k.notice(client.KindCertificationInvalid).with("time", k.at(14, 3, 1))
			return []message{m}, m
		}),
	},
	{
		id: "answer-refusal", level: report.Should, section: "§10.1", after: []string{controlNegative, forged},
		title: lang.Text{EN: "a refusal has a code and a message, too", ZH: "拒绝时也应返回 code 和 message"},
		sent:  lang.Text{EN: "a push with a forged signment", ZH: "signment 为伪造的推送"},
		fix: lang.Text{
			EN: `answer {"code":4,"message":"签名校验非法"}: whoever reads the platform's log sees why`,
			ZH: `返回 {"code":4,"message":"签名校验非法"}：查看平台日志的人就知道原因`,
		},
		judge: judge{
			expected: lang.Text{EN: "a JSON object, code a number that is not 0, message a text that is not empty", ZH: "JSON 对象，code 为非 0 数字，message 为非空字符串"},
			run: func(x *examination, _ lang.Text) {
				m := x.maker.entry().signedAs(x.forged())
				r := x.send(m)
				if x.note(m, lang.Text{EN: "a push with a forged signment", ZH: "signment 为伪造的推送"}, r, false) || r.refusal(x.endpoint.Timeout).IsZero() {
					return
				}
				_, problem := r.code()
				if problem.IsZero() {
					problem = messageProblem(r)
				}
				if problem.IsZero() && x.status["answer-message-empty"] != report.Warned { // which has said so
					problem = emptyMessage(r)
				}
				if !problem.IsZero() {
					x.fail(m, r, problem)
				}
			},
		},
	},
}

var changedFields = lang.Text{EN: "a push for each field, that field changed after it was signed", ZH: "每个字段各一条推送，签名后修改该字段"}
