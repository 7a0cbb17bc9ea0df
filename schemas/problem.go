package schemas

import (
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v5"

	"github.com/etcp-mock/etcp-mock/internal/jsonvalue"
	"github.com/etcp-mock/etcp-mock/internal/lang"
)

// reader turns the validator's tree of errors into problems. It keeps the
// leaves, names what is missing or too much one by one, and says "no time"
// where the validator would print a pattern of three hundred characters.
type reader struct {
	schema   map[string]any
	value    any
	problems []Problem
}

func (r *reader) read(e *jsonschema.ValidationError) {
	if len(e.Causes) > 0 {
		for _, cause := range e.Causes {
			r.read(cause)
		}
		return
	}
	_, fragment, _ := strings.Cut(e.AbsoluteKeywordLocation, "#")
	at, where := unescaped(e.InstanceLocation), unescaped(fragment)
	parent, keyword := where[:max(strings.LastIndexByte(where, '/'), 0)], where[strings.LastIndexByte(where, '/')+1:]
	node, _ := follow(r.schema, parent).(map[string]any)
	value := follow(r.value, at)
	object, _ := value.(map[string]any)
	switch keyword {
	case "required":
		names, _ := node[keyword].([]any)
		for _, name := range names {
			if _, has := object[name.(string)]; !has {
				r.add(at, where, lang.T("%q is missing", "缺少 %q").With(name.(string)))
			}
		}
	case "additionalProperties":
		known, _ := node["properties"].(map[string]any)
		for name := range object {
			if _, knows := known[name]; !knows {
				r.add(at+"/"+jsonvalue.EscapePointer(name), where, lang.T("is a field the document does not know", "是文档没有的字段"))
			}
		}
	case "pattern", "minLength", "enum":
		if title, _ := node["title"].(string); title != "" {
			r.add(at, where, lang.T("%s is no %s", "%s 不符合格式：%s").With(shown(value), lang.T(title, titles[title])))
		} else {
			r.add(at, where, inWords(keyword, node, value, e.Message))
		}
	case "not":
		r.add(at, where, lang.T("%s counts as absent", "%s 视为没有").With(shown(value)))
	default:
		r.add(at, where, inWords(keyword, node, value, e.Message))
	}
}

// titles are the Chinese names of the forms that the schemas share. A test holds that none is missing.
var titles = map[string]string{
	"amount paid": "支付金额", "car park id": "车场 ID", "car park id, as text": "车场 ID（字符串）", "car parks wanted": "车场类型", "code": "返回码", "code of §11": "§11 的返回码",
	"count": "数量", "distance": "距离", "fee": "费用", "kept text": "最多 64 个字符的文本", "kind of car park": "车场种类", "latitude": "纬度", "long-term space": "长租车位",
	"longitude": "经度", "merchant's message": "商户的消息", "message": "消息", "mobile phone number": "手机号", "order id": "订单号", "payment id": "支付单号",
	"plate colour": "车牌颜色", "plate number": "车牌号", "plate number, masked or plain": "车牌号（脱敏或完整）", "radius": "半径", "remaining days": "剩余天数",
	"signature": "签名", "stay": "停车时长", "stay id": "停车记录 ID", "text": "文本", "time": "时间", "token": "token", "user type": "用户类型",
	"vehicle identification number": "车架号", "verificationInfo": "verificationInfo", "whole number, as text": "整数（字符串）", "yuan": "金额（元）", "yuan, as text": "金额（元，字符串）",
}

// inWords is what the validator says, with the same in Chinese for the keywords that the schemas have.
func inWords(keyword string, node map[string]any, value any, message string) lang.Text {
	got, want := shown(value), shown(node[keyword])
	chinese := map[string]string{
		"type": "类型应为 " + want + "，实际为 " + got, "const": "应为 " + want + "，实际为 " + got, "enum": got + " 不是允许的值之一：" + want,
		"pattern": got + " 不符合正则表达式 " + want, "format": got + " 不符合格式 " + want, "minLength": got + " 太短，至少 " + want + " 个字符",
		"maxLength": got + " 太长，最多 " + want + " 个字符", "minimum": got + " 太小，最小为 " + want, "maximum": got + " 太大，最大为 " + want,
		"exclusiveMinimum": got + " 应大于 " + want, "exclusiveMaximum": got + " 应小于 " + want, "multipleOf": got + " 不是 " + want + " 的倍数",
		"minItems": "至少 " + want + " 项", "maxItems": "最多 " + want + " 项",
	}
	return lang.T(message, chinese[keyword])
}

func (r *reader) add(pointer, schemaPointer string, detail lang.Text) {
	r.problems = append(r.problems, Problem{pointer, schemaPointer, detail.EN, detail.ZH})
}

// follow is the value at a JSON Pointer, or nil.
func follow(value any, pointer string) any {
	if pointer == "" {
		return value
	}
	for token := range strings.SplitSeq(pointer[1:], "/") {
		switch v := value.(type) {
		case map[string]any:
			value = v[jsonvalue.UnescapePointer(token)]
		case []any:
			i, err := strconv.Atoi(token)
			if err != nil || i < 0 || i >= len(v) {
				return nil
			}
			value = v[i]
		default:
			return nil
		}
	}
	return value
}

// shown is a value as a message shows it: as JSON, and not at length.
func shown(value any) string {
	const most = 40
	text := string(encode(value, ""))
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return text
}
