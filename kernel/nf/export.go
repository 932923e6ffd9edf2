package nf

import (
	"bytes"
	"context"
	"fmt"
	"html"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/janpfeifer/gonb/gonbui"

	"github.com/network-fragility/fragility/kernel/client"
)

// Export makes files of the notebook, as it was last saved, in the folder out
// beside it, and shows links to them:
//
//	nf.Export("pdf")            // of all that stands here
//	nf.Export("html", "no code") // for readers of the results alone
//	nf.Export("zip")            // what a journal takes: page, figures, tables, numbers
//
// The forms are html, pdf, md, tex and zip. A notebook whose cells were changed
// after they ran, or that was not run as a whole, is refused; the cell with the
// Export is no part of what it makes. Where no page is attached, as at a
// terminal, nothing is made.
func Export(forms ...string) {
	path := os.Getenv(pageVariable)
	if !gonbui.IsNotebook || path == "" {
		show(client.Bundle{Data: map[string]any{"text/plain": "Export makes its files where the notebook is open in JupyterLab; at a terminal there is `fragility notebook export`."}}, "")
		return
	}
	saved, err := os.Stat(path)
	if err != nil {
		end(1, fmt.Sprintf("the notebook is not where it was opened, at %s: open it anew and run this cell again", path))
	}
	command, err := exportCommand(path, forms)
	if err != nil {
		end(1, err.Error())
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	id := "fragility-" + gonbui.UniqueId()
	say := func(page, text string) {
		show(client.Bundle{Data: map[string]any{"text/html": page, "text/plain": text}}, id)
	}
	say("<em>makes "+html.EscapeString(strings.Join(forms, ", "))+" …</em>", "")
	var made, said bytes.Buffer
	c := exec.CommandContext(ctx, command[0], command[1:]...)
	c.Stdout, c.Stderr = &made, &said
	if err := c.Run(); err != nil {
		say("", "")
		if ctx.Err() != nil {
			end(130, "interrupted; nothing was made")
		}
		end(1, lastSentence(said.String(), err))
	}
	links, words := linksTo(filepath.Dir(path), made.String())
	when := fmt.Sprintf("as it was saved at %s; press Ctrl+S and run this cell again for what is newer", saved.ModTime().Format(time.TimeOnly))
	say(links+`<div style="font-size:90%;opacity:0.75">`+when+"</div>", words+"\n"+when)
}

// exportCommand is the command that makes the files.
func exportCommand(path string, forms []string) ([]string, error) {
	restoreTemp()
	place, err := client.Find("")
	if err != nil {
		return nil, err
	}
	command := []string{place.Binary, "notebook", "export", path, "--saved", "--out", filepath.Join(filepath.Dir(path), "out")}
	var to []string
	for _, form := range forms {
		if form == "no code" {
			command = append(command, "--no-code")
			continue
		}
		to = append(to, form)
	}
	if to == nil {
		to = []string{"html"}
	}
	return append(command, "--to", strings.Join(to, ",")), nil
}

// linksTo are links to files that a command listed, by their places beside the
// notebook, but for the copy of the notebook.
func linksTo(folder, list string) (links, words string) {
	var names []string
	for file := range strings.Lines(list) {
		name, err := filepath.Rel(folder, strings.TrimSpace(file))
		if err != nil || strings.HasSuffix(name, ".ipynb") {
			continue
		}
		names = append(names, name)
		links += fmt.Sprintf(`<div><a href="%s" target="_blank">%[1]s</a></div>`, html.EscapeString(filepath.ToSlash(name)))
	}
	return links, strings.Join(names, "\n")
}

// lastSentence is what a command said at its end.
func lastSentence(said string, err error) string {
	lines := strings.Split(strings.TrimSpace(said), "\n")
	last := strings.TrimPrefix(lines[len(lines)-1], "fragility: ")
	if last == "" {
		return err.Error()
	}
	return last
}
