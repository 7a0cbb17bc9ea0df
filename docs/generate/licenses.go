package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// released are the systems that binaries are made for: some modules are linked on one of them only.
var released = []string{"linux", "darwin", "windows"}

// programs are what is released; cmd/... holds what their tests share, too.
var programs = []string{"github.com/etcp-mock/etcp-mock/cmd/etcp-mock", "github.com/etcp-mock/etcp-mock/cmd/contract"}

// linked is a module that is part of a binary.
type linked struct {
	Path    string `json:"Path"`
	Version string `json:"Version"`
	Dir     string `json:"Dir"`
}

// licenses are the modules that the commands are linked with, and the licence that each brings in its files.
func licenses(ctx context.Context) (table, error) {
	modules := map[string]linked{}
	for _, system := range released {
		cmd := exec.CommandContext(ctx, "go", append([]string{"list", "-deps", "-json=Module"}, programs...)...) //nolint:gosec // of the table above
		cmd.Env = append(os.Environ(), "GOOS="+system, "CGO_ENABLED=0")
		cmd.Stderr = os.Stderr
		out, err := cmd.Output()
		if err != nil {
			return nil, fmt.Errorf("go list: %w", err)
		}
		for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
			var pkg struct {
				Module *linked `json:"Module"`
			}
			if err := dec.Decode(&pkg); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				return nil, fmt.Errorf("go list: %w", err)
			}
			if pkg.Module != nil && pkg.Module.Version != "" {
				modules[pkg.Module.Path] = *pkg.Module
			}
		}
	}
	rows := table{{"Module", "Version", "Licence"}}
	for _, path := range slices.Sorted(maps.Keys(modules)) {
		m := modules[path]
		name, err := m.license()
		if err != nil {
			return nil, err
		}
		rows = append(rows, []string{"[" + path + "](https://pkg.go.dev/" + path + "@" + m.Version + ")", m.Version, name})
	}
	return rows, nil
}

var licenseFile = regexp.MustCompile(`(?i)^(licen[cs]e|copying)([.-].*)?$`)

// license says which licences a module's own files are; it is an error where they are none that is known.
func (m linked) license() (string, error) {
	files, err := os.ReadDir(m.Dir)
	if err != nil {
		return "", fmt.Errorf("%s: %w", m.Path, err)
	}
	var found []string
	for _, f := range files {
		if f.IsDir() || !licenseFile.MatchString(f.Name()) {
			continue
		}
		text, err := os.ReadFile(filepath.Join(m.Dir, f.Name()))
		if err != nil {
			return "", fmt.Errorf("%s: %w", m.Path, err)
		}
		found = append(found, licensesIn(string(text))...)
	}
	if len(found) == 0 {
		return "", fmt.Errorf("%s %s brings no licence that is known: look at %s", m.Path, m.Version, m.Dir)
	}
	slices.Sort(found)
	return strings.Join(slices.Compact(found), ", "), nil
}

// licensesIn recognises licences by sentences that each must have, by their SPDX names.
func licensesIn(text string) (found []string) {
	text = strings.Join(strings.Fields(text), " ")
	has := func(sentence string) bool { return strings.Contains(text, sentence) }
	if has("Permission is hereby granted, free of charge, to any person obtaining a copy") {
		found = append(found, "MIT")
	}
	if has("Apache License, Version 2.0") || has("Apache License Version 2.0") {
		found = append(found, "Apache-2.0")
	}
	if has("Mozilla Public License, version 2.0") || has("Mozilla Public License Version 2.0") {
		found = append(found, "MPL-2.0")
	}
	if has("Permission to use, copy, modify, and/or distribute this software for any purpose") {
		found = append(found, "ISC")
	}
	switch {
	case !has("Redistribution and use in source and binary forms"):
	case has("endorse or promote products"):
		found = append(found, "BSD-3-Clause")
	default:
		found = append(found, "BSD-2-Clause")
	}
	return found
}
