package control

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"github.com/gin-gonic/gin"

	"github.com/etcp-mock/etcp-mock/internal/lang"
	"github.com/etcp-mock/etcp-mock/mock/internal/problem"
	"github.com/etcp-mock/etcp-mock/mock/internal/recording"
	"github.com/etcp-mock/etcp-mock/scenarios"
)

// maxRecording is the most bytes that a recording may have: a file of scenarios is not larger.
const maxRecording = scenarios.MaxFile

// tooLong says what to do where nothing could read what was recorded.
const tooLong = "the recording has %d MiB, and a file of scenarios may have %d: reset the sandbox and record in parts, or from a smaller fixture"

// recording is what was done to the sandbox as a scenario that does it again; ?from= says where it begins. Its comments are in the language
// that Accept-Language asks for.
func (a *Control) recording(in *call) (reply, error) {
	select {
	case a.recordings <- struct{}{}: // one at a time: 120,000 past orders take some 200 MB while they are written down
		defer func() { <-a.recordings }()
	case <-in.ctx.Done():
		return reply{}, in.ctx.Err()
	}
	history := in.sandbox.History()
	name := "recorded-" + in.sandbox.ID()
	made, err := recording.Make(&history, name, in.gin.Query("from"), in.sandbox.Hides())
	switch {
	case errors.Is(err, recording.ErrFrom):
		return reply{}, problem.InQuery("from", err.Error())
	case errors.Is(err, recording.ErrAlien):
		return reply{}, problem.Fail(http.StatusConflict, err.Error())
	case err != nil:
		return reply{}, err
	}
	in.gin.Writer.Header().Add("Vary", "Accept-Language")
	language, notes := lang.OfHeader(in.gin.GetHeader("Accept-Language")), make([]string, len(made.Notes))
	for i, note := range made.Notes {
		notes[i] = note.In(language)
	}
	text, err := a.runs.Format(made.JSON, notes...)
	if err != nil {
		return reply{}, err
	}
	before, after, _ := bytes.Cut(text, []byte("name: "+name+"\n"))
	digest := sha256.Sum256(after) // of what was done: other recordings have other names, and can lie in one folder
	text = fmt.Appendf(slices.Clip(before), "name: %s-%x\n%s", name, digest[:4], after)
	if len(text) > a.longest {
		return reply{}, problem.Fail(http.StatusConflict, fmt.Sprintf(tooLong, (len(text)+1<<20-1)>>20, a.longest>>20))
	}
	return reply{status: http.StatusOK, body: stream(func(c *gin.Context) { c.Data(http.StatusOK, "application/yaml; charset=utf-8", text) })}, nil
}
