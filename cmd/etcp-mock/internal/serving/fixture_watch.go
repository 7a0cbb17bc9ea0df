package serving

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"log/slog"
	"path/filepath"

	"github.com/etcp-mock/etcp-mock/cmd/etcp-mock/internal/input"
	"github.com/etcp-mock/etcp-mock/cmd/internal/cli"
	"github.com/etcp-mock/etcp-mock/internal/lang"
	"github.com/etcp-mock/etcp-mock/mock"
)

// fixtureFile makes the sandbox default anew whenever the file of its fixture changes. Where the file is wrong, what is wrong with it is
// printed and the sandbox stays as it is.
type fixtureFile struct {
	name     string
	have     []byte // the fixture that the sandbox has, as JSON
	server   *mock.Server
	language string
	out      io.Writer
}

func (f *fixtureFile) watch(ctx context.Context, log *slog.Logger) (stop func(), err error) {
	name := filepath.Clean(f.name)
	return reloading(ctx, name, func(changed string) bool { return changed == name }, f.reload, log)
}

func (f *fixtureFile) reload() {
	document, err := input.Fixture(f.name)
	if err == nil {
		if bytes.Equal(document.JSON, f.have) {
			return
		}
		err = input.Located(f.server.ReloadFixture(document.JSON), document)
	}
	if err == nil {
		f.have = document.JSON
		f.print(lang.T("%s was read: the sandbox default starts anew", "已读取 %s：沙箱 default 重新开始").With(f.name))
		return
	}
	fmt.Fprintln(f.out, cmp.Or(cli.FileProblems(f.language, err), cli.TextOf(f.language, err)))
	f.print(lang.T("%s is wrong: the sandbox default stays as it is", "%s 有误：沙箱 default 保持不变").With(f.name))
}

func (f *fixtureFile) print(what lang.Text) {
	fmt.Fprintf(f.out, "etcp-mock: %s\n", what.In(f.language))
}
