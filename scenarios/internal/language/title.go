package language

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/etcp-mock/etcp-mock/internal/lang"
	"github.com/etcp-mock/etcp-mock/scenarios/internal/template"
	"github.com/etcp-mock/etcp-mock/schemas"
)

// Title is what the step is called: its name, or what it does.
func (s *Step) Title() string { return s.TitleIn(lang.English, s.Name, s.Subject) }

// TitleIn is the title in English ("en") or Chinese ("zh"), by the step's name and subject as far as they are computed. A name that is not
// Chinese is not left to a reader of Chinese: in a file that says in both languages what it is about, what the step sends and expects stands in
// its place; in any other file, whose author wrote in English alone, it stands behind what the step does.
func (s *Step) TitleIn(language, name, subject string) string {
	does := lang.T(s.Action, s.Kind.NameZh).In(language)
	if subject != "" {
		does += " " + subject
	}
	switch {
	case name == "":
		return does
	case language != lang.Chinese || strings.ContainsFunc(name, isHan):
		return name
	case s.File.SummaryZh == "":
		return does + "（" + name + "）"
	}
	return does + s.sendsZh() + s.expectsZh()
}

func isHan(r rune) bool { return unicode.Is(unicode.Han, r) }

// sendsZh is what a call overrides, and who makes it, in Chinese.
func (s *Step) sendsZh() string {
	var parts []string
	if as := s.Extras["as"]; as != nil && as.Literal != nil {
		parts = append(parts, fmt.Sprintf("商户 %v", as.Literal))
	}
	if request := s.Extras["request"]; request != nil && request.Shape == template.ObjectShape {
		names := make([]string, len(request.Members))
		for i, m := range request.Members {
			names[i] = m.Name
		}
		parts = append(parts, "改写 "+strings.Join(names, "、"))
	}
	if len(parts) == 0 {
		return ""
	}
	return "（" + strings.Join(parts, "，") + "）"
}

// expectsZh is what a step expects, in Chinese: the code of a call, and whether a push comes.
func (s *Step) expectsZh() string {
	switch s.Action {
	case "call":
		return s.expectsCallZh()
	case "push":
		if count := s.Extras["count"]; count != nil && count.Literal == 0 {
			return "，不应出现"
		}
		return "，应出现"
	}
	return ""
}

func (s *Step) expectsCallZh() string {
	switch code := s.Expect.Literal("code").(type) {
	case int:
		if code != 0 {
			return fmt.Sprintf("，应返回 %d（%s）", code, schemas.Message(code))
		}
		return "，应成功"
	default:
		if status, ok := s.Expect.Literal("httpStatus").(int); ok {
			return fmt.Sprintf("，应返回 HTTP %d", status)
		}
		if s.Expect.Names("code") || s.Expect.Names("error") || s.Expect.Names("reason") || s.Expect != nil && !s.Expect.IsMapping() {
			return "" // computed, or no answer at all
		}
		return "，应成功"
	}
}
