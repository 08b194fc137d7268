"""The expression language of scripts: the XLSForm subset of XPath, parsed, checked, and evaluated by plain closures."""
