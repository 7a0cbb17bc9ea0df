package cli

import (
	"cmp"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/etcp-mock/etcp-mock/cmd/internal/translation"
	"github.com/etcp-mock/etcp-mock/internal/lang"
	"github.com/etcp-mock/etcp-mock/internal/lazyregexp"
	"github.com/etcp-mock/etcp-mock/internal/wrap"
)

// translated marks a program whose texts are in Chinese already.
const translated = "etcp-mock-translated"

// setHelp has the help of a program in the language of whoever asks for it.
func setHelp(root *cobra.Command) {
	root.SetHelpFunc(func(cmd *cobra.Command, _ []string) {
		language := Language(cmd)
		if language == lang.Chinese {
			Translate(cmd.Root())
		}
		usage := aloneOr().ReplaceAllStringFunc(noDefault().ReplaceAllString(cmd.UsageString(), ""), optional)
		if language == lang.Chinese {
			usage = Unsaid(placeholders.Replace(defaultOf().ReplaceAllString(usage, "（默认 $1）")))
		}
		width := Columns(cmd.OutOrStdout())
		fmt.Fprint(cmd.OutOrStdout(), proseWithin(strings.TrimRight(cmp.Or(cmd.Long, cmd.Short), " \n"), width)+"\n\n"+usageWithin(usage, width))
	})
}

// written is how wide the descriptions of commands are written: a line that is nearly as wide goes on in the next.
const written = 80

// proseWithin breaks a description anew for a terminal that is narrower than it is written; lists and examples in it stay as they are.
func proseWithin(text string, width int) string {
	if width == 0 {
		return text
	}
	var lines []string
	for line := range strings.SplitSeq(text, "\n") {
		last := len(lines) - 1
		if last >= 0 && wrap.Width(lines[last]) >= written && line != "" && !strings.Contains(lines[last]+line, "  ") {
			between := " "
			end, _ := utf8.DecodeLastRuneInString(lines[last])
			if next, _ := utf8.DecodeRuneInString(line); end > unicode.MaxLatin1 && next > unicode.MaxLatin1 {
				between = "" // Chinese goes on without a space
			}
			lines[last] += between + line
			continue
		}
		lines = append(lines, line)
	}
	for i := range lines {
		lines[i] = wrap.Line(lines[i], width)
	}
	return strings.Join(lines, "\n")
}

// listed are the lines of a list of flags or commands: what is described, then the description.
var listed = lazyregexp.New(`^(\s+(?:(?:-\w, )?--\S+(?: \S+)?\s{2,}|[a-z][a-z-]* +))\S`)

// usageWithin breaks what is said of flags and commands for a terminal. Examples stay whole, for they are copied.
func usageWithin(text string, width int) string {
	lines := strings.Split(text, "\n")
	example := false
	for i, line := range lines {
		if line != "" && line[0] != ' ' {
			example = strings.HasPrefix(line, "Examples:") || strings.HasPrefix(line, "示例：")
			line = wrap.Line(line, width)
		} else if m := listed().FindStringSubmatch(line); m != nil && !example {
			line = wrap.Indented(line, width, wrap.Width(m[1]))
		}
		lines[i] = line
	}
	return strings.Join(lines, "\n")
}

// defaultOf is what pflag says of a flag's default, at the end of its line.
var defaultOf = lazyregexp.New(`(?m) \(default (.+)\)$`)

// noDefault is what pflag says of a flag whose default only means that it was not given.
var noDefault = lazyregexp.New(`(?m) \(default (\[\]|-1)\)$`)

// aloneOr is what pflag says of a flag that may be given without its value.
var aloneOr = lazyregexp.New(`--\S+ \S+\[="[^"]*"\]`)

// optional says it as usage lines do: --admin[=URL], as wide as before.
func optional(flag string) string {
	name, value, _ := strings.Cut(flag, " ")
	value, _, _ = strings.Cut(value, "[")
	return Pad(name+"[="+value+"]", wrap.Width(flag))
}

// placeholders are cobra's own in usage lines.
var placeholders = strings.NewReplacer("[flags]", "[参数]", "[command]", "[命令]")

// glued is a placeholder that stands right behind the Chinese word for it: it names the value behind the flag, and the text has the word alone.
// silent surrounds it until pflag has read it, and unsaid takes it away.
var (
	glued  = lazyregexp.New("(\\p{Han})(`[^`]+`)")
	unsaid = lazyregexp.New(silent + "[^" + silent + "]*" + silent)
)

const silent = "\x01"

// Unsaid takes away what is not to be shown of a text in Chinese.
func Unsaid(text string) string { return unsaid().ReplaceAllString(text, "") }

// headings are cobra's, with what pflag and cobra make of a command's name.
var headings = strings.NewReplacer(
	"Usage:", "用法：", "Aliases:", "别名：", "Examples:", "示例：", "Available Commands:", "命令：", "Additional Commands:", "其他命令：",
	"Global Flags:", "全局参数：", "Flags:", "参数：", "Additional help topics:", "其他帮助：",
	`Use "{{.CommandPath}} [command] --help" for more information about a command.`, `用 "{{.CommandPath}} [command] --help" 查看某个命令的帮助。`,
)

// Translate puts what the commands of a program say of themselves into Chinese. A placeholder of a flag that is not to be shown in its text is
// taken away by [Unsaid].
func Translate(root *cobra.Command) {
	if root.Annotations[translated] != "" {
		return
	}
	root.Annotations = map[string]string{translated: lang.Chinese}
	root.SetUsageTemplate(headings.Replace(root.UsageTemplate()))
	Texts(root, func(text *string) {
		*text = glued().ReplaceAllString(translation.In(lang.Chinese, *text), "$1"+silent+"$2"+silent)
	})
	var own func(cmd *cobra.Command)
	own = func(cmd *cobra.Command) { // what cobra adds itself
		if short, known := cobras[cmd.Short]; known {
			cmd.Short = short
		}
		switch {
		case cmd.Name() == "completion":
			cmd.Long = "生成 " + root.Name() + " 的 shell 自动补全脚本。加载方法见各子命令的帮助。"
		case cmd.HasParent() && cmd.Parent().Name() == "completion":
			cmd.Long = completionZh(cmd.Name(), root.Name())
		case cmd.Name() == "help":
			cmd.Long = "显示任意命令的帮助：" + root.Name() + " help [命令的路径]。"
		}
		if f := cmd.Flags().Lookup("no-descriptions"); f != nil {
			f.Usage = "补全时不显示说明"
		}
		if f := cmd.Flags().Lookup("help"); f != nil {
			f.Usage = "显示 " + cmd.DisplayName() + " 的帮助"
		}
		for _, sub := range cmd.Commands() {
			own(sub)
		}
	}
	own(root)
}

// cobras are what cobra says of the commands that it adds itself.
var cobras = map[string]string{
	"Help about any command": "显示命令的帮助",

	"Generate the autocompletion script for the specified shell": "生成 shell 的自动补全脚本",
	"Generate the autocompletion script for bash":                "生成 bash 的自动补全脚本",
	"Generate the autocompletion script for fish":                "生成 fish 的自动补全脚本",
	"Generate the autocompletion script for powershell":          "生成 PowerShell 的自动补全脚本",
	"Generate the autocompletion script for zsh":                 "生成 zsh 的自动补全脚本",
}

// completionZh says how the completion of a shell is loaded.
func completionZh(shell, program string) string {
	load := map[string]string{
		"bash": "source <(%s completion bash)", "zsh": "source <(%s completion zsh)",
		"fish": "%s completion fish | source", "powershell": "%s completion powershell | Out-String | Invoke-Expression",
	}[shell]
	return fmt.Sprintf("生成 %s 的自动补全脚本。\n\n在当前会话中加载：\n\n  "+load+"\n\n写入 shell 的启动文件，则每个新会话都会加载。", shell, program)
}

// commented is a line of examples with a comment.
var commented = lazyregexp.New(`(?m)^( .*\S +# )(.+)$`)

// Texts visits everything that a program's commands say of themselves in their help: what they do, the comments of their examples, and their
// flags.
func Texts(cmd *cobra.Command, visit func(text *string)) {
	visit(&cmd.Short)
	visit(&cmd.Long)
	cmd.Example = commented().ReplaceAllStringFunc(cmd.Example, func(line string) string {
		parts := commented().FindStringSubmatch(line)
		visit(&parts[2])
		return parts[1] + parts[2]
	})
	flags := func(f *pflag.Flag) {
		if f.Name != "help" {
			visit(&f.Usage)
		}
	}
	cmd.LocalNonPersistentFlags().VisitAll(flags)
	cmd.PersistentFlags().VisitAll(flags)
	for _, sub := range cmd.Commands() {
		Texts(sub, visit)
	}
}
