package serving

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"path/filepath"

	"github.com/etcp-mock/etcp-mock/cmd/etcp-mock/internal/input"
	"github.com/etcp-mock/etcp-mock/internal/lang"
	"github.com/etcp-mock/etcp-mock/mock"
	"github.com/etcp-mock/etcp-mock/scenarios"
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
	return watching{
		about: func(changed string) bool { return filepath.Clean(changed) == name }, log: log, reload: f.reload,
	}.start(ctx, filepath.Dir(name))
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
	var (
		problems scenarios.Problems
		problem  *scenarios.Problem
	)
	switch {
	case errors.As(err, &problems):
		fmt.Fprintln(f.out, problems.Error())
	case errors.As(err, &problem):
		fmt.Fprintln(f.out, problem.Text())
	default:
		fmt.Fprintln(f.out, err)
	}
	f.print(lang.T("%s is wrong: the sandbox default stays as it is", "%s 有误：沙箱 default 保持不变").With(f.name))
}

func (f *fixtureFile) print(what lang.Text) {
	fmt.Fprintf(f.out, "etcp-mock: %s\n", what.In(f.language))
}
