package schemas

import (
	"maps"
	"slices"
	"strings"
)

// Effect is one thing that a fault of the mock can do, by the name of its field of do (docs/faults.md). The real platform has none.
type Effect struct {
	Name             string
	Takes            Takes
	Least, Most      int  // of a number; Most also of a text's bytes, and of headers
	Requests, Pushes bool // what it can be done to
	Answers          bool // a request is answered in the platform's place, and not carried out

	Short, ShortZh string // for forms and schemas: a sentence
	Does, DoesZh   string // for docs/faults.md, in Markdown
}

// Takes is what an effect is given.
type Takes string

// What effects are given.
const (
	TakesFlag     Takes = "flag"
	TakesNumber   Takes = "number"
	TakesText     Takes = "text"
	TakesDuration Takes = "duration" // of wall time
	TakesDelay    Takes = "delay"    // a duration, or {min, max}, or {median, sigma}
	TakesMoment   Takes = "moment"   // before or after
	TakesHeaders  Takes = "headers"  // texts by name
)

// effects are what a fault can do. What is drawn at random is drawn in this order.
var effects = []Effect{
	{
		Name: "code", Takes: TakesNumber, Most: 999_999, Requests: true, Answers: true,
		Short: "Answer this code, of §11 or not.", ShortZh: "应答此 code，§11 中有没有都可以。",
		Does:   "this code, in the platform's place, also one that §11 does not have, to try what a client does with a code it does not know; left out beside others that answer: 2. The reason is `injected-fault`, and nothing is carried out",
		DoesZh: "代替平台返回该 code，也可以是 §11 没有的，用来试验客户端遇到未知 code 时的表现；与其他应答类效果同用而未给出时为 2。原因为 `injected-fault`，请求不会执行",
	},
	{
		Name: "message", Takes: TakesText, Most: 200, Requests: true, Answers: true,
		Short: "With this message.", ShortZh: "附上此文案。",
		Does:   "this message, in the platform's place; left out: the code's own",
		DoesZh: "代替平台返回该 message；未给出时为 code 自己的文字",
	},
	{
		Name: "httpStatus", Takes: TakesNumber, Least: 200, Most: 599, Requests: true, Answers: true,
		Short: "Answer this HTTP status.", ShortZh: "应答此 HTTP 状态码。",
		Does:   "this HTTP status, 200 to 599, in the platform's place; left out: 200",
		DoesZh: "代替平台返回该 HTTP 状态码，200 到 599；未给出时为 200",
	},
	{
		Name: "headers", Takes: TakesHeaders, Most: 20, Requests: true,
		Short: "Set these headers, Content-Type too.", ShortZh: "设置这些响应头，包括 Content-Type。",
		Does:   "headers by name, set on whatever the answer is, `Content-Type` too; with `httpStatus` 429, `Retry-After`. At most 20 of 1000 bytes, and none that the connection needs itself, such as `Content-Length`",
		DoesZh: "按名称设置应答头，无论应答是什么，`Content-Type` 也可以；配合 `httpStatus` 429 可用 `Retry-After`。最多 20 个，每个 1000 字节，不能是连接自身所需的，如 `Content-Length`",
	},
	{
		Name: "body", Takes: TakesText, Most: 1 << 20, Requests: true, Answers: true,
		Short: "Answer this body.", ShortZh: "应答此正文。",
		Does:   "this body, at most 1 MiB, in place of the envelope",
		DoesZh: "代替平台返回该应答体（不是信封），最多 1 MiB",
	},
	{
		Name: "empty", Takes: TakesFlag, Requests: true, Answers: true,
		Short: "Answer without a body.", ShortZh: "应答没有正文。",
		Does:   "no body at all, in the platform's place",
		DoesZh: "代替平台返回没有任何内容的应答体",
	},
	{
		Name: "garbage", Takes: TakesNumber, Least: 1, Most: 64 << 10, Requests: true, Answers: true,
		Short: "Answer so many random bytes, from the seed.", ShortZh: "应答这么多随机字节，由种子决定。",
		Does:   "so many random bytes as the body, from the seed, at most 65536, in the platform's place",
		DoesZh: "代替平台返回若干随机字节作为应答体，由种子决定，最多 65536 个",
	},
	{
		Name: "truncate", Takes: TakesFlag, Requests: true,
		Short: "Break the answer off half-way.", ShortZh: "应答只发一半就断开。",
		Does:   "the whole length is declared, and half of it sent",
		DoesZh: "声明完整长度，只发送一半",
	},
	{
		Name: "dribble", Takes: TakesDuration, Requests: true,
		Short: "Send the body a byte at a time, with so long before each.", ShortZh: "逐字节发送正文，每个字节之前等待这么久。",
		Does:   "the body is sent a byte at a time, with so long before each, `\"50ms\"`: at most 10 seconds, and 10 minutes in all",
		DoesZh: "应答体逐字节发送，每个字节前等待这么久，如 `\"50ms\"`：最多 10 秒，总共最多 10 分钟",
	},
	{
		Name: "cut", Takes: TakesMoment, Requests: true,
		Short: "Reset the connection before or after the state has changed.", ShortZh: "在状态改变之前或之后断开连接。",
		Does:   "the connection is reset: `before` anything is carried out, or `after`, so that only the answer is lost. The journal has what it would have been, with `cut`, and `httpStatus` 0. Of the others it goes with `delay` only",
		DoesZh: "连接被重置：`before` 在执行之前；`after` 在执行之后，只丢失应答。请求日志中仍有原本的应答，并带 `cut`，`httpStatus` 为 0。只能与 `delay` 同用",
	},
	{
		Name: "delay", Takes: TakesDelay, Requests: true, Pushes: true,
		Short: "Wait first, in real time.", ShortZh: "先等待（真实时间）。",
		Does:   "wall time, at most 10 minutes: `\"2s\"`, `{\"min\",\"max\"}` or `{\"median\",\"sigma\"}` (lognormal, in milliseconds). A request then goes on; a client that gives up ends the wait, and the request is carried out all the same: the platform would not have known. A push waits before its first attempt; others do not wait for it, a drain and an advance do",
		DoesZh: "等待的真实时间，最多 10 分钟：`\"2s\"`、`{\"min\",\"max\"}` 或 `{\"median\",\"sigma\"}`（对数正态分布，精确到毫秒）。请求随后照常处理；客户端放弃会提前结束等待，请求仍会执行，因为平台无从得知。推送则在首次投递前等待，其他推送不受影响，drain 和时钟快进会等它",
	},
	{
		Name: "duplicate", Takes: TakesNumber, Least: 2, Most: 100, Pushes: true,
		Short: "Deliver the push so many times in all.", ShortZh: "推送总共送达多少次。",
		Does:   "so many deliveries in all, each recorded as an attempt: the further ones follow as soon as the first has succeeded",
		DoesZh: "总共投递这么多次，每次都记为一次投递：首次成功后立即投递其余的",
	},
	{
		Name: "reorder", Takes: TakesFlag, Pushes: true,
		Short: "Hold the push behind the merchant's next one.", ShortZh: "把推送排到该商户下一条推送之后。",
		Does:   "it is held until the merchant's next push, of whatever vehicle, is delivered or failed; 24 hours of the sandbox's clock at most. A push that another is held behind is not held itself, so a lasting `reorder` swaps pairs. What is held is not due: a drain does not wait for it",
		DoesZh: "推迟到该商户的下一条推送（不论车辆）送达或失败之后，最多沙箱时钟的 24 小时。已有推送在等它的推送自身不会被推迟，因此持续的 `reorder` 会两两交换。被推迟的不算到期，drain 不会等它",
	},
	{
		Name: "corruptSign", Takes: TakesFlag, Pushes: true,
		Short: "Sign the push wrongly.", ShortZh: "给推送签上错误的签名。",
		Does:   "the signature is that of another text, which `signed` shows; `body` shows what is sent",
		DoesZh: "签名是另一段文本的签名，见 `signed`；实际发送的内容见 `body`",
	},
	{
		Name: "drop", Takes: TakesFlag, Pushes: true,
		Short: "Fail the attempt, so that it is retried.", ShortZh: "使这次推送失败，之后会重推。",
		Does:   "the first attempt fails without reaching the merchant; the schedule goes on from there",
		DoesZh: "首次投递失败，不会到达商户；之后按重试计划继续",
	},
}

// Effects lists what a fault of the mock can do. The slice is the caller's.
func Effects() []Effect { return slices.Clone(effects) }

// whatAFaultDoes is the definition of do.
func whatAFaultDoes() object {
	ofRequests, ofPushes, properties := []string{}, []string{}, object{}
	for i := range effects {
		e := &effects[i]
		if e.Requests {
			ofRequests = append(ofRequests, e.Name)
		}
		if e.Pushes {
			ofPushes = append(ofPushes, e.Name)
		}
		properties[e.Name] = e.schema()
	}
	return object{
		"type": "object", "description": "Of requests: " + strings.Join(ofRequests, ", ") + ". Of pushes: " + strings.Join(ofPushes, ", ") + ".",
		"properties": properties, "additionalProperties": false,
	}
}

// schema is the schema of what an effect is given.
func (e *Effect) schema() object {
	schema := map[Takes]object{
		TakesFlag:     {"type": "boolean"},
		TakesNumber:   {"type": "integer", "minimum": e.Least, "maximum": e.Most},
		TakesText:     {"type": "string"},
		TakesDuration: ref("Duration"),
		TakesMoment:   {"enum": []any{"before", "after"}},
		TakesHeaders:  {"type": "object", "maxProperties": e.Most, "additionalProperties": object{"type": "string"}},
		TakesDelay: {"oneOf": []any{
			ref("Duration"),
			whole(object{"min": ref("Duration"), "max": ref("Duration")}, "Uniform."),
			whole(object{"median": ref("Duration"), "sigma": object{"type": "number"}}, "Lognormal."),
		}},
	}[e.Takes]
	schema["description"] = e.Short
	return schema
}

// whole is an object that has all of some members, and no others.
func whole(properties object, description string) object {
	return object{
		"type": "object", "description": description, "properties": properties, "required": slices.Sorted(maps.Keys(properties)), "additionalProperties": false,
	}
}
