"""Windows that ask: window-modal, opened with `open()`, verbs on their buttons, focus given back."""
