package cli

import (
	"cmp"
	"fmt"
	"regexp"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/etcp-mock/etcp-mock/cmd/internal/translation"
	"github.com/etcp-mock/etcp-mock/internal/lang"
)

// setHelp has the help of a program in the language of whoever asks for it.
func setHelp(root *cobra.Command) {
	root.SetHelpFunc(func(cmd *cobra.Command, _ []string) {
		language := Language(cmd)
		if language == lang.Chinese {
			translate(cmd.Root())
		}
		text := strings.TrimRight(cmp.Or(cmd.Long, cmd.Short), " \n") + "\n\n" + cmd.UsageString()
		if language == lang.Chinese {
			text = defaultOf.ReplaceAllString(text, "（默认 $1）")
		}
		fmt.Fprint(cmd.OutOrStdout(), text)
	})
}

// defaultOf is what pflag says of a flag's default, at the end of its line.
var defaultOf = regexp.MustCompile(`(?m) \(default (.+)\)$`)

// headings are cobra's, with what pflag and cobra make of a command's name.
var headings = strings.NewReplacer(
	"Usage:", "用法：", "Aliases:", "别名：", "Examples:", "示例：", "Available Commands:", "命令：", "Additional Commands:", "其他命令：",
	"Global Flags:", "全局参数：", "Flags:", "参数：", "Additional help topics:", "其他帮助：",
	`Use "{{.CommandPath}} [command] --help" for more information about a command.`, `用 "{{.CommandPath}} [command] --help" 查看某个命令的帮助。`,
)

// translate puts what the commands say of themselves into Chinese.
func translate(root *cobra.Command) {
	root.SetUsageTemplate(headings.Replace(root.UsageTemplate()))
	Texts(root, func(text *string) { *text = translation.In(lang.Chinese, *text) })
	var own func(cmd *cobra.Command)
	own = func(cmd *cobra.Command) { // what cobra adds itself
		if f := cmd.Flags().Lookup("help"); f != nil {
			f.Usage = "显示 " + cmd.DisplayName() + " 的帮助"
		}
		for _, sub := range cmd.Commands() {
			own(sub)
		}
	}
	own(root)
}

// Texts visits everything that a program's commands say of themselves in their help: what they do, and their flags.
func Texts(cmd *cobra.Command, visit func(text *string)) {
	visit(&cmd.Short)
	visit(&cmd.Long)
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
