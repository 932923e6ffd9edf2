package nf

import (
	"encoding/gob"
	"fmt"
	"strings"
	"time"

	"github.com/janpfeifer/gonb/gonbui"
	"github.com/janpfeifer/gonb/gonbui/protocol"

	"github.com/network-fragility/fragility/kernel/client"
)

// A bundle may hold JSON, whose types the pipe to the kernel must know: what
// it does not know breaks it, while the cell seems to do well.
func init() {
	gob.Register(map[string]any{})
	gob.Register([]any{})
}

// show sends a bundle, data by MIME type, to the notebook in one message and
// waits until the kernel has it: without that, output is lost when the program
// ends, and what is printed next may overtake it. Bundles of one id take the
// place of each other. Outside a notebook it prints the plain text.
func show(bundle client.Bundle, id string) {
	if !gonbui.IsNotebook {
		text, _ := bundle.Data["text/plain"].(string)
		fmt.Println(strings.TrimRight(text, "\n"))
		return
	}
	data := make(map[protocol.MIMEType]any, len(bundle.Data))
	for mime, content := range bundle.Data {
		data[protocol.MIMEType(mime)] = content
	}
	gonbui.SendData(&protocol.DisplayData{Data: data, Metadata: bundle.Metadata, DisplayID: id})
	flush()
}

// showNoted shows a bundle and what stands below it, which plain text has already.
// With an id both take the place of those before.
func showNoted(bundle client.Bundle, id string) {
	if id == "" && gonbui.IsNotebook {
		id = "fragility-" + gonbui.UniqueId() // by which it can be marked once it is older than the last run
	}
	show(bundle, id)
	if bundle.Note == nil || !gonbui.IsNotebook {
		return
	}
	id += "-note"
	show(*bundle.Note, id)
}

// syncLimit keeps a kernel that went away from holding the program back.
const syncLimit = 5 * time.Second

// flush waits until the kernel has received all that was sent.
func flush() {
	done := make(chan struct{})
	go func() {
		gonbui.Sync()
		close(done)
	}()
	select {
	case <-done:
	case <-time.After(syncLimit):
	}
}
